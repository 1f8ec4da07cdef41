import type { Fault } from '../fault.ts';
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

/** All faults. The option `--only` takes the name of one. */
export const faults: readonly Fault[] = [
  ...triggerFaults,
  ...streamFaults,
  ...postFaults,
  ...oneReaderFaults,
  ...poisonFaults,
  ...storageFaults,
  latecomer,
  ...issuerFaults,
  ...networkFaults,
  ...roomFaults,
  ...processFaults,
];
