import type { Entry, History, Reader, Step } from './history.ts';

/** Events that a client saw at one moment, or that the log or `/events` has at the end. */
export interface Sighting {
  by: string;
  epoch: string;
  at: number | undefined;
  events: readonly Entry[];
}

/** Returns all sightings of numbered events. The first is what the log has. */
export function* sightings({ log, served, head, readers, recorders }: History): Generator<Sighting> {
  const numbered = log.filter((entry): entry is Entry => entry.seq !== undefined);
  yield { by: 'the log', epoch: head.epoch, at: undefined, events: numbered };
  yield { by: '/events', epoch: head.epoch, at: undefined, events: served };
  for (const { name, steps } of readers)
    for (const step of steps)
      if (step.kind === 'apply') yield { by: name, epoch: step.epoch, at: step.at, events: step.events };
  for (const { name, frames } of recorders)
    for (const { at, epoch, events } of frames) yield { by: name, epoch, at, events };
}

type Applied = Extract<Step, { kind: 'apply' }>;

export interface Segment {
  base: number;
  epoch: string;
  applied: Applied[];
}

/** Returns the events that a client applied after each load and before the next. */
export function segments({ steps }: Reader): Segment[] {
  const found: Segment[] = [];
  for (const step of steps) {
    if (step.kind === 'load') found.push({ base: step.last, epoch: step.epoch, applied: [] });
    if (step.kind === 'apply') found.at(-1)?.applied.push(step);
  }
  return found;
}
