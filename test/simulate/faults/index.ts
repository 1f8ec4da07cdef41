import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';
import { crowdFaults } from './crowds.ts';
import { issuerFaults } from './issuer.ts';
import { latecomer } from './latecomer.ts';
import { networkFaults } from './network.ts';
import { oneReaderFaults } from './one-reader.ts';
import { poisonFaults } from './poison.ts';
import { postFaults } from './posts.ts';
import { processFaults } from './processes.ts';
import { roomFaults } from './rooms.ts';
import { storageFaults } from './storage.ts';
import { streamFaults } from './stream.ts';
import { triggerFaults } from './trigger.ts';

/**
 * All faults. `npm run simulate -- --only NAME` takes the name of one. Every fault of `npm run faults` is here, too,
 * under the same name.
 */
export const faults: readonly Fault<World>[] = [
  ...triggerFaults,
  ...streamFaults,
  ...postFaults,
  ...oneReaderFaults,
  ...crowdFaults,
  ...poisonFaults,
  ...storageFaults,
  latecomer,
  ...issuerFaults,
  ...networkFaults,
  ...roomFaults,
  ...processFaults,
];
