import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from './certificate.ts';

export interface Behaviour {
  /** Time until the sink answers a post, ms. */
  answerMs?: number;
  /** `true` if the sink never answers. */
  silent?: boolean;
  /** HTTP status of every answer. Without it, the quota and the id of the connection decide. */
  status?: number;
  /** The account's quota of posts a second. Above it the sink answers 429. */
  postsPerSecond?: number;
  /** The last sequence number of a round. A client that received it is complete. */
  lastSeq?: number;
}

/** Counts of the sink since its behaviour was set. */
export interface Tally {
  posts: number;
  bytes: number;
  ok: number;
  gone: number;
  throttled: number;
  /** Clients that received the last sequence number. */
  complete: number;
  /** Sequence numbers that arrived twice or out of order. */
  disordered: number;
  unsigned: number;
  /** Times of the first and the last post, by the sink's clock, ms. */
  firstAt: number;
  lastAt: number;
}

export interface Sink {
  url: string;
  /** Environment of a process that must trust the sink's certificate. */
  trust: NodeJS.ProcessEnv;
  /** Sets how the sink answers, and resets the counts. */
  behave(behaviour: Behaviour): Promise<void>;
  tally(): Promise<Tally>;
  stop(): void;
}

/**
 * Starts the stand-in for `@connections` in its own process, so that its work is not counted as the caller's.
 * @param tls false for benchmarks in which this machine does the work of several machines, because TLS would take too
 *   much of its CPU
 */
export async function startSink(tls = true): Promise<Sink> {
  const certificate = tls ? selfSigned() : null;
  const directory = await mkdtemp(join(tmpdir(), 'shout-bench-'));
  const certificateFile = join(directory, 'ca.pem');
  if (certificate) await writeFile(certificateFile, certificate.cert);
  const child = fork(join(import.meta.dirname, 'sink-process.ts'), [JSON.stringify(certificate)]);
  const [port] = await once(child, 'message');
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    trust: tls ? { NODE_EXTRA_CA_CERTS: certificateFile } : {},
    async behave(behaviour) {
      child.send(behaviour);
      await once(child, 'message');
    },
    async tally() {
      child.send('tally');
      const [tally] = await once(child, 'message');
      return tally;
    },
    stop() {
      child.disconnect();
      rmSync(directory, { recursive: true });
    },
  };
}

/**
 * Returns connection ids in API Gateway's form, which ends in `=`. For the sink, 2 % of them are gone, and 2 % are
 * busy: the sink answers 429 to the first attempt of a post, and 200 to the second.
 */
export function connectionIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = index % 50 === 7 ? 'gone' : index % 50 === 23 ? 'busy' : 'open';
    return `${kind}${index.toString(36).padStart(9, 'A')}IA=`;
  });
}
