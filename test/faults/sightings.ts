import type { Entry, History, Reader } from './history.ts';

export interface Sighting extends Entry {
  by: string;
  epoch: string;
  at: number | undefined;
}

/** All events that were seen under a number, the log's own first. */
export function* sightings({ log, served, head, readers, recorders }: History): Generator<Sighting> {
  for (const entry of log)
    if (entry.seq !== undefined) yield { ...(entry as Entry), by: 'the log', epoch: head.epoch, at: undefined };
  for (const entry of served) yield { ...entry, by: '/events', epoch: head.epoch, at: undefined };
  for (const { name, steps } of readers)
    for (const step of steps)
      if (step.kind === 'apply')
        for (const event of step.events) yield { ...event, by: name, epoch: step.epoch, at: step.at };
  for (const { name, frames } of recorders)
    for (const { at, epoch, events } of frames) for (const event of events) yield { ...event, by: name, epoch, at };
}

export interface Segment {
  base: number;
  epoch: string;
  events: (Entry & { at: number })[];
}

/** What a client applied between two loads. */
export function segments({ steps }: Reader): Segment[] {
  const found: Segment[] = [];
  for (const step of steps) {
    if (step.kind === 'load') found.push({ base: step.last, epoch: step.epoch, events: [] });
    if (step.kind !== 'apply') continue;
    const segment = found.at(-1);
    segment?.events.push(...step.events.map((event) => ({ ...event, at: step.at })));
  }
  return found;
}
