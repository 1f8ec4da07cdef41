import type { ClientFrame, ServerFrame } from '../../../src/domain/schema.generated.ts';
import type { Send } from '../history.ts';

interface Attempt {
  clientMessageId: string;
  text: string | undefined;
  outcome: Send['outcome'];
}

/** The commands that one client sent over all its sockets, and the answers, as seen on the wire. */
export class Ledger {
  readonly #client: string;
  readonly #actorId: string;
  readonly #attempts: Attempt[] = [];

  constructor(client: string, actorId: string) {
    this.#client = client;
    this.#actorId = actorId;
  }

  sent(frame: ClientFrame): void {
    if (frame.action === 'ping' || frame.action === 'authenticate') return;
    const { clientMessageId = '' } = frame;
    const text = frame.action === 'sendMessage' ? frame.text : undefined;
    this.#attempts.push({ clientMessageId, text, outcome: 'unknown' });
  }

  received(frame: ServerFrame): void {
    if (frame.type !== 'ack' && frame.type !== 'error') return;
    const open = this.#attempts.findLast(
      ({ clientMessageId, outcome }) => clientMessageId === frame.clientMessageId && outcome === 'unknown',
    );
    if (!open) return;
    if (frame.type === 'ack') {
      // A command that changes nothing is acked with the id of its target. It appends no event, so its outcome stays
      // `unknown`.
      if (frame.id === this.#idOf(open.clientMessageId)) open.outcome = 'acked';
    }
    // After `unavailable`, the event may be in the log or not.
    else if (frame.code !== 'unavailable') open.outcome = 'refused';
  }

  forget(): void {
    this.#attempts.length = 0;
  }

  /** Returns each command with its outcome: acked if any attempt was acked, refused only if every attempt was. */
  sends(): Send[] {
    const byMessage = Map.groupBy(this.#attempts, ({ clientMessageId, text }) => `${clientMessageId} ${text ?? ''}`);
    return [...byMessage.values()].map((attempts): Send => {
      const outcomes = attempts.map(({ outcome }) => outcome);
      const { clientMessageId, text } = attempts[0]!;
      const outcome = outcomes.includes('acked')
        ? 'acked'
        : outcomes.every((each) => each === 'refused')
          ? 'refused'
          : 'unknown';
      return { client: this.#client, id: this.#idOf(clientMessageId), text, outcome };
    });
  }

  #idOf(clientMessageId: string): string {
    return `${this.#actorId}:${clientMessageId}`;
  }
}
