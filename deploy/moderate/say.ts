import type { Reports, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Outcome } from './run-act.ts';

/** Puts an outcome into sentences. */
export function say(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      if (!outcome.appended) return 'Nothing to do: it is so already.';
      if (outcome.seq === undefined)
        return `It is in the log as ${outcome.id} and has no number yet: is the fan-out running?`;
      return `Done. It holds from number ${outcome.seq} on (${outcome.id}).`;
    case 'words':
      return outcome.words.length === 0 ? 'No word is blocked.' : outcome.words.join('\n');
    case 'log':
      return outcome.events.length === 0 ? 'Nobody has moderated here.' : outcome.events.map(sayEvent).join('\n');
    case 'reports':
      return sayReports(outcome.page);
  }
}

function sayEvent({ seq, at, actor, ...body }: SequencedEvent): string {
  const when = new Date(at).toISOString();
  return `${seq}  ${when}  ${actor.name}  ${whatOf(body as SequencedEvent)}`;
}

function whatOf(event: SequencedEvent): string {
  switch (event.type) {
    case 'MessageDeleted':
      return `removed ${event.data.target}${event.data.reason ? ` (${event.data.reason})` : ''}`;
    case 'PersonBanned': {
      const { person, seconds, hide, reason } = event.data;
      const time = seconds === undefined ? 'for good' : `for ${seconds} s`;
      return `banned ${person} ${time}${hide ? ', hiding what they said' : ''}${reason ? ` (${reason})` : ''}`;
    }
    case 'PersonUnbanned':
      return `ended the ban of ${event.data.person}`;
    case 'PersonErased':
      return `erased what ${event.data.person} said`;
    case 'RoomChanged':
      return `changed the room: ${JSON.stringify(event.data)}`;
    default:
      return event.type;
  }
}

function sayReports({ reports, bans, rules }: Reports): string {
  const reported = reports.map(({ message, reports: some }) => {
    const reasons = [...new Set(some.map(({ reason }) => reason ?? 'no reason'))].join(', ');
    const { id, actor, text } = message;
    return `${id}  ${actor.name}: ${JSON.stringify(text)}\n    reported by ${some.length} (${reasons})`;
  });
  const banned = bans.map(({ person, name, until, byOperator }) => {
    const end = until === undefined ? 'for good' : `until ${new Date(until).toISOString()}`;
    return `${person}  ${name ?? 'somebody who never wrote here'}, banned ${end}${byOperator ? ' by the operator' : ''}`;
  });
  const { at: _, ...held } = rules ?? { at: 0 };
  return [
    reported.length === 0 ? 'Nothing that is still shown was reported.' : reported.join('\n'),
    banned.length === 0 ? 'Nobody is banned.' : banned.join('\n'),
    ...(Object.keys(held).length > 0 ? [`Rules: ${JSON.stringify(held)}`] : []),
  ].join('\n\n');
}
