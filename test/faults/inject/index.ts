import type { Fault } from '../fault.ts';
import { networkFaults } from './network.ts';

/** Every fault there is; `--only` takes their names. */
export const faults: readonly Fault[] = [...networkFaults];
