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
 * The real clock, timers and randomness. The composition root passes them on, so that a simulation can pass its own.
 */
export const runtime: Runtime = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  startTimer: (ms, callback) => setTimeout(callback, ms),
  random: () => Math.random(),
  createId: () => randomBytes(16).toString('base64url'),
};
