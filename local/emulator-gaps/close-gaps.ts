import type { Invoke } from '../invoke.ts';
import { answerPosts } from './connections-api.ts';
import { routeFrames } from './frames.ts';
import { answerSubprotocol } from './handshake.ts';
import { loadInternals } from './serverless-offline.ts';

/**
 * Corrects the WebSockets of serverless-offline 14.8 where they differ from API Gateway's and would hide a bug of ours.
 * Replaces methods, because the classes of serverless-offline have no extension points. `docs/local.md` lists the
 * differences that remain.
 *
 * @returns a function that closes every connection
 */
export async function closeEmulatorGaps(invoke: Invoke): Promise<() => void> {
  const internals = await loadInternals();
  answerSubprotocol(internals);
  answerPosts(internals);
  return routeFrames(internals, invoke);
}
