import type { Invoke } from '../invoke.ts';
import { answerPosts } from './connections-api.ts';
import { routeFrames } from './frames.ts';
import { answerSubprotocol } from './handshake.ts';
import { loadInternals } from './serverless-offline.ts';

/**
 * serverless-offline 14.8 answers a WebSocket in some ways as API Gateway does not; these are the ones that would hide a
 * bug here and show it there. Its classes have no seams, so methods are replaced. `docs/local.md` lists what is left.
 * @returns closes every connection
 */
export async function closeEmulatorGaps(invoke: Invoke): Promise<() => void> {
  const internals = await loadInternals();
  answerSubprotocol(internals);
  answerPosts(internals);
  return routeFrames(internals, invoke);
}
