import { expect, it } from 'vitest';
import { freePort } from './ports.ts';

it('a free port is none of those that a stack is about to listen on', async () => {
  const first = await freePort();
  // The port just found, and the nine that this process would try next.
  const reserved = Array.from({ length: 10 }, (_, n) => first + n);
  expect(reserved).not.toContain(await freePort(reserved));
});
