import { expect, it } from 'vitest';
import { limitsOf } from './limits.ts';
import { replaced } from './replaced.ts';
import { roomBucket } from './room-capacity.ts';

it('every limit follows from how fast a person may write, but for the room’s', () => {
  expect(limitsOf({ burst: 5, perSecond: 3 })).toStrictEqual({
    commands: { burst: 5, perSecond: 3 },
    room: roomBucket(0),
    frames: { burst: 15, perSecond: 4 },
    reports: { burst: 10, perSecond: 0.05 },
    dials: { burst: 50, perSecond: 3, debtMs: 1_200_000 },
    reads: { burst: 50, perSecond: 30 },
    address: { burst: 100, perSecond: 60 },
    addressDials: { burst: 100, perSecond: 60, debtMs: 1_200_000 },
  });
});

it('a connection that is one too many is told so, by a code of its own', () => {
  expect(replaced).toEqual({
    ...{ type: 'error', code: 'replaced', message: expect.stringMatching(/more connections than allowed/) },
  });
});
