import { randomBytes } from 'node:crypto';
import type { Clock, Sleep, StartTimer } from '../domain/ports/clock.ts';
import type { CreateId, Random } from '../domain/ports/randomness.ts';

/** What a process has of time and chance. */
export interface Runtime {
  now: Clock;
  sleep: Sleep;
  startTimer: StartTimer;
  random: Random;
  createId: CreateId;
}

/** The process's own. Everything else is given it by the composition root, so that a simulation can give another. */
export const runtime: Runtime = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  startTimer: (ms, callback) => setTimeout(callback, ms),
  random: () => Math.random(),
  // 128 random bits.
  createId: () => randomBytes(16).toString('base64url'),
};
