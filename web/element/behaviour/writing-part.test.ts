import { expect, test, vi } from 'vitest';
import type { Room } from './room.ts';
import { WritingPart } from './writing-part.ts';

test('where the code that sends cannot be had there is a composer all the same, whose messages can be retried', async () => {
  const host = {
    ...{ readonly: false, updateComplete: Promise.resolve(true), renderRoot: { adoptedStyleSheets: [] } },
    ...{ addController: () => {}, removeController: () => {}, requestUpdate: vi.fn() },
  };
  const prepare = async () => {
    throw new TypeError('network');
  };
  const unavailable = vi.fn();
  const writing = new WritingPart(host as never, { client: { prepare } } as unknown as Room, unavailable);
  await writing.fetch();
  expect(writing.part).toBeDefined();
  expect(host.requestUpdate).toHaveBeenCalled();
  expect(unavailable).not.toHaveBeenCalled();
});
