import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';
import type { Behaviour, Tally } from './sink.ts';

/**
 * A stand-in for the `@connections` API, over HTTPS or HTTP. Answers 429 above the quota, 410 for a gone connection,
 * 429 and then 200 for a busy one, and otherwise 200. A connection's id says whether it is gone or busy (see
 * `connectionIds` in sink.ts). The behaviour can instead set one status for all posts, or no answer at all.
 */
const certificate = JSON.parse(process.argv[2]!) as Certificate | null;

/** By status: the value of the header `x-amzn-errortype`, by which the SDK recognises errors. */
const ERROR_TYPES: Readonly<Record<number, string>> = { 410: 'GoneException', 429: 'LimitExceededException' };

let behaviour: Behaviour = {};
let tally = newTally();
/**
 * By connection id: the last sequence number that the connection received, and whether a busy connection has just
 * refused a post.
 */
let places = new Map<string, { last: number; refused: boolean }>();
let tokens = 0;
let refilledAt = 0;

function newTally(): Tally {
  return {
    posts: 0,
    bytes: 0,
    ok: 0,
    gone: 0,
    throttled: 0,
    complete: 0,
    disordered: 0,
    unsigned: 0,
    firstAt: 0,
    lastAt: 0,
  };
}

/**
 * Takes one post from the account's quota, which all callers share. Returns false if the quota is used up. The quota is
 * a token bucket of the size `postsPerSecond / 10`.
 */
function withinQuota(): boolean {
  const { postsPerSecond } = behaviour;
  if (postsPerSecond === undefined) return true;
  const now = performance.now();
  tokens = Math.min(postsPerSecond / 10, tokens + ((now - refilledAt) / 1_000) * postsPerSecond);
  refilledAt = now;
  if (tokens < 1) return false;
  tokens--;
  return true;
}

function statusFor(id: string, body: Buffer): number {
  if (behaviour.status !== undefined) return behaviour.status;
  if (!withinQuota()) return 429;
  if (id.startsWith('gone')) return 410;
  const place = places.get(id) ?? { last: 0, refused: false };
  places.set(id, place);
  if (id.startsWith('busy') && !place.refused) {
    place.refused = true;
    return 429;
  }
  place.refused = false;
  note(place, body);
  return 200;
}

/**
 * Reads the sequence numbers in a post. Counts those that arrive twice or out of order at their connection. Also counts
 * the connections that have received the round's last number.
 */
function note(place: { last: number }, body: Buffer): void {
  const numbers = body.toString('latin1').matchAll(/"seq":(\d+)/g);
  for (const [, digits] of numbers) {
    const seq = Number(digits);
    if (seq <= place.last) tally.disordered++;
    place.last = seq;
    if (seq === behaviour.lastSeq) tally.complete++;
  }
}

const answerPost: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (behaviour.silent) return;
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const id = decodeURIComponent(request.url!.slice(request.url!.lastIndexOf('/') + 1));
    const status = statusFor(id, body);
    tally.firstAt ||= performance.now();
    tally.lastAt = performance.now();
    tally.posts++;
    tally.bytes += body.length;
    if (!request.headers.authorization) tally.unsigned++;
    if (status === 200) tally.ok++;
    else if (status === 410) tally.gone++;
    else tally.throttled++;
    const answer = () => {
      const type = ERROR_TYPES[status];
      response.writeHead(status, { 'content-length': '0', ...(type && { 'x-amzn-errortype': type }) });
      response.end();
    };
    if (behaviour.answerMs) setTimeout(answer, behaviour.answerMs);
    else answer();
  });
};
const server = certificate ? createServer(certificate, answerPost) : createHttpServer(answerPost);
// Keeps idle sockets open during the pauses of a benchmark.
server.keepAliveTimeout = 60_000;

process.on('message', (next: Behaviour | 'tally') => {
  if (next === 'tally') {
    process.send!(tally);
    return;
  }
  behaviour = next;
  tally = newTally();
  places = new Map();
  tokens = 0;
  refilledAt = performance.now();
  process.send!('ready');
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
