import { describe, expect, it } from 'vitest';
import { readIdentity, readPageLimits, readRate, readRooms } from './settings.ts';

const open = { read: 'everyone', write: 'signed-in' };
const SMOKE = ['smoke', { read: 'signed-in', write: 'signed-in' }] as const;

describe('ROOMS', () => {
  it.each([
    ['', [['lobby', open]]],
    [
      'lobby, attic',
      [
        ['lobby', open],
        ['attic', open],
      ],
    ],
    ['*', [['*', open]]],
    ['news=everyone/moderator', [['news', { read: 'everyone', write: 'moderator' }]]],
    ['staff=moderator', [['staff', { read: 'moderator', write: 'moderator' }]]],
    ['club=signed-in/Club Members', [['club', { read: 'signed-in', write: 'Club Members' }]]],
    ['lobby=everyone', [['lobby', open]]],
  ])('%j', (ROOMS, expected) => {
    expect([...readRooms({ ROOMS })]).toEqual([SMOKE, ...expected]);
  });

  it('may say another word on the room of npm run smoke', () => {
    expect(readRooms({ ROOMS: 'smoke=moderator' }).get('smoke')).toEqual({ read: 'moderator', write: 'moderator' });
  });

  it.each(['Lobby', 'a b', 'lobby=', 'lobby=everyone/everyone', 'lobby=a/b/c', '../x', '**'])(
    '%j is wrong',
    (ROOMS) => {
      expect(() => readRooms({ ROOMS })).toThrow(/ROOMS must be rooms such as/);
    },
  );

  it('names the roles that tokens are looked through for', () => {
    const env = { ISSUER: 'https://issuer.example', AUDIENCE: 'x', ROOMS: 'club=members/writers,staff=moderator' };
    expect(readIdentity(env).roomRoles).toEqual(['members', 'writers']);
  });
});

describe('numbers', () => {
  it.each(['10.5', '0x10', '1e1', '-1', '0', '501', ' 10', 'ten'])('PAGE_SIZE_MAX=%j is wrong', (PAGE_SIZE_MAX) => {
    expect(() => readPageLimits({ PAGE_SIZE_MAX })).toThrow(
      `PAGE_SIZE_MAX must be an integer from 1 to 500, not "${PAGE_SIZE_MAX}"`,
    );
  });

  it('may have a fraction where it is a rate', () => {
    expect(readRate({ STATE_TABLE: 's', RATE_PER_SECOND: '0.5' }).ratePerSecond).toBe(0.5);
  });

  it.each(['0', 'Infinity', '0x1'])('RATE_PER_SECOND=%j is wrong', (RATE_PER_SECOND) => {
    expect(() => readRate({ STATE_TABLE: 's', RATE_PER_SECOND })).toThrow(/RATE_PER_SECOND must be a number from 0.01/);
  });
});
