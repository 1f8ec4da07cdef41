import { randomBytes } from 'node:crypto';
import type { Clock, Sleep, StartTimer } from '../domain/ports/clock.ts';
import type { CreateId, Random } from '../domain/ports/randomness.ts';

/** Sources of time, randomness and ids for a process. */
export interface Runtime {
  now: Clock;
  sleep: Sleep;
  startTimer: StartTimer;
  random: Random;
  createId: CreateId;
}

/**
 * The real clock, timers and randomness. They have a module of their own, so that the simulation can replace it
 * (test/simulate/outside.ts).
 */
export const runtime: Runtime = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  startTimer: (ms, callback) => setTimeout(callback, ms),
  random: () => Math.random(),
  createId: () => randomBytes(16).toString('base64url'),
};
