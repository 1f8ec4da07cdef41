import { readRoom } from '../domain/admission/read-room.ts';
import { replaced } from '../domain/admission/replaced.ts';
import { ShoutError } from '../domain/errors.ts';
import type { Authenticate } from '../domain/schema.generated.ts';
import { close, connections, dialLimits, framePorts, readRoomPorts, tokenVerifier } from '../infra/composition.ts';
import { answer, frameChain, roleOf } from './frame-chain.ts';
import type { Identified } from './middleware/identify.ts';
import { authenticate } from './validators/authenticate.generated.js';

const who = { guests: true, expired: true };
const chain = frameChain<Authenticate, Identified>('authenticate', authenticate, who, framePorts);

/**
 * `authenticate` renews a connection's token without reconnecting, or signs a guest in. A connection of a person cannot
 * change to another person.
 */
export const handler = chain.handler(async ({ body }, { connection }) => {
  const identity = await tokenVerifier().verify(body.token);
  await readRoom(connection.room, identity, readRoomPorts(), framePorts.runtime.now());
  // A guest connection that signs in counts toward the person's limit of new connections.
  if (!connection.actor) await dialLimits().person.take(identity.actor.id);
  const oldest = await connections().authenticate(connection, identity);
  if (!oldest)
    throw new ShoutError('forbidden', 'This connection is closed or belongs to another person. Connect anew.');
  await Promise.all(oldest.map((id) => close(id, replaced)));
  return answer({ type: 'authenticated', expiresAt: identity.expiresAt, ...roleOf(identity.actor) });
});
