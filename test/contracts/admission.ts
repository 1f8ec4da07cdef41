import { beforeEach, describe, expect, it } from 'vitest';
import type { Admission } from '../../src/domain/ports/admission.ts';
import type { Connection, Connections } from '../../src/domain/ports/connections.ts';

export interface AdmissionSubject {
  /** Creates an adapter with the limit {@link FRAMES}. It shares no memory with others, as if in another process. */
  admission(): Admission;
  connections: Connections;
  now(): number;
  /** Lets this many milliseconds pass. */
  pass(ms: number): void;
}

export const FRAMES = { burst: 3, perSecond: 1 };
let made = 0;

/** The contract of every adapter of `Admission`. */
export function admissionContract(subject: () => AdmissionSubject): void {
  let connection: Connection;

  beforeEach(async () => {
    connection = { id: `admitted-${process.pid}-${made++}`, room: 'lobby', connectedAt: subject().now() };
    await subject().connections.add(connection);
  });

  const empty = async () => {
    for (let i = 0; i < FRAMES.burst; i++) await subject().admission().admit(connection.id);
  };

  describe('a frame', () => {
    it('is let in with the connection it came over', async () => {
      expect(await subject().admission().admit(connection.id)).toEqual(connection);
    });

    it('of a connection that is gone or was never there is nobody’s', async () => {
      await subject().connections.remove(connection);
      expect(await subject().admission().admit(connection.id)).toBeUndefined();
    });

    it('over the limit is told when to come back, by every process, and is let in then', async () => {
      await empty();
      const refusal = { code: 'rate_limited', retryAfterMs: 1_000 };
      for (const process of [subject().admission(), subject().admission()]) {
        await expect(process.admit(connection.id)).rejects.toMatchObject(refusal);
        await expect(process.admit(connection.id)).rejects.toMatchObject(refusal);
      }
      subject().pass(1_000);
      expect(await subject().admission().admit(connection.id)).toEqual(connection);
    });
  });

  describe('frames that come before the wait of a refusal is over', () => {
    it('are counted over all processes, from the first refusal on', async () => {
      const [one, other] = [subject().admission(), subject().admission()];
      const counts: number[] = [];
      for (const process of [one, one, other, other, one])
        counts.push((await process.refused(connection.id, 500)).early);
      expect(counts).toEqual([0, 1, 2, 3, 4]);
    });

    it('are counted anew once the wait is over', async () => {
      const process = subject().admission();
      await process.refused(connection.id, 500);
      await process.refused(connection.id, 500);
      subject().pass(500);
      const refusals = [await process.refused(connection.id, 500), await process.refused(connection.id, 500)];
      expect(refusals).toEqual([
        { early: 0, connection },
        { early: 1, connection },
      ]);
    });

    it('count nothing once the connection is being closed', async () => {
      const process = subject().admission();
      process.closed(connection.id);
      await expect(process.admit(connection.id)).rejects.toMatchObject({ code: 'rate_limited' });
      expect(await process.refused(connection.id, 500)).toEqual({ early: 0 });
    });
  });
}
