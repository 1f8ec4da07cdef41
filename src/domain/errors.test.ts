import { expect, it } from 'vitest';
import { ShoutError } from './errors.ts';

it('a refusal has a code, a name of its own, and what caused it', () => {
  const cause = new Error('throttled');
  const error = new ShoutError('unavailable', 'Try again soon.', { cause, retryAfterMs: 5 });
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message, cause: error.cause }).toEqual({
    ...{ name: 'ShoutError', code: 'unavailable', message: 'Try again soon.', cause, retryAfterMs: 5 },
  });
  expect(new ShoutError('forbidden', 'No.').cause).toBeUndefined();
});
