import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';
import { issuerFaults } from './issuer.ts';
import { networkFaults } from './network.ts';
import { postFaults } from './posts.ts';
import { processFaults } from './processes.ts';
import { storageFaults } from './storage.ts';
import { streamFaults } from './stream.ts';
import { triggerFaults } from './trigger.ts';

/** Every fault there is; `--only` takes their names, which are those of `npm run faults`. */
export const faults: readonly Fault<World>[] = [
  ...triggerFaults,
  ...streamFaults,
  ...postFaults,
  ...storageFaults,
  ...issuerFaults,
  ...networkFaults,
  ...processFaults,
];
