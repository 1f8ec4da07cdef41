import type { Conversation, Step } from './steps.ts';
import type { Target } from './target.ts';

/** Time-out of a step, ms. It is long enough for a cold start and a slow delivery by the table's stream in one step. */
const STEP_DEADLINE_MS = 15_000;

export interface StepResult {
  step: string;
  ok: boolean;
  ms: number;
  /** Reason for the failure, and the part of the system at fault. */
  error?: string;
}

/**
 * Runs the steps of a smoke test, and stops at the first step that fails. Messages are sent to the room `smoke`.
 *
 * @param steps all steps, or those of a guest
 * @param onStep called after each step
 * @param deadlineMs time-out of each step
 * @returns whether all steps succeeded
 */
export async function smoke(
  target: Target,
  steps: readonly Step[],
  onStep: (result: StepResult) => void,
  deadlineMs = STEP_DEADLINE_MS,
): Promise<boolean> {
  const conversation = { target, room: 'smoke', text: `smoke-${crypto.randomUUID()}` } as Conversation;
  try {
    for (const step of steps) {
      const result = await runStep(step, conversation, deadlineMs);
      onStep(result);
      if (!result.ok) return false;
    }
    return true;
  } finally {
    conversation.writer?.close();
    conversation.reader?.close();
  }
}

async function runStep({ name, part, run }: Step, conversation: Conversation, deadlineMs: number): Promise<StepResult> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    await within(signal, run(conversation, signal));
    return { step: name, ok: true, ms: elapsed() };
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${deadlineMs / 1_000} s` : reasonOf(error);
    return { step: name, ok: false, ms: elapsed(), error: `${reason}. At fault: ${part}.` };
  }
}

/** Waits for the work, but rejects when the signal aborts, even if the work does not listen to the signal. */
function within(signal: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/**
 * Returns the message of an error, followed by the message of its cause. If `fetch` has failed at each of several IP
 * addresses, the cause is an AggregateError without a message, and its code is returned instead.
 */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { message: detail, code } = (cause ?? {}) as { message?: string; code?: string };
  return [message.replace(/\.$/, ''), detail || code].filter(Boolean).join(': ');
}
