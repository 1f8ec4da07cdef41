import { describe, expect, it } from 'vitest';
import { evolveRules, noRules, type RuleEvent, type Rules } from '../../src/domain/governance/rules.ts';
import type { Command } from '../../web/client/shout-client.ts';
import { takeAllBack, takesBack } from './take-back.ts';

const [bob, carol] = [{ actorId: 'bob' }, { actorId: 'carol' }];

/**
 * Returns a room in which a moderator's command changes the rules at once. If `numbers` is false, commands change
 * nothing.
 */
function roomWith(rules: Partial<Rules>, numbers = true) {
  let now: Rules = { ...noRules, ...rules };
  const sent: Command[] = [];
  const complaints: string[] = [];
  const room = {
    inForce: () => takesBack(now, [bob, carol]),
    send: (command: Command) => {
      sent.push(command);
      const { action, ...data } = command as { action: string };
      const type = action === 'unbanPerson' ? 'PersonUnbanned' : 'RoomChanged';
      const actor = { id: 'mod', name: 'mod', role: 'moderator' };
      if (numbers) now = evolveRules(now, { type, data, seq: now.at + 1, at: 1, actor } as RuleEvent);
    },
    settled: async () => true,
    complain: (detail: string) => complaints.push(detail),
  };
  return { room, sent, complaints };
}

describe('what a parked decision left in force', () => {
  it('is taken back, one rule after the other', async () => {
    const { room, sent, complaints } = roomWith({ locked: true, slow: 5, bans: { bob: {}, carol: {} } });
    expect(await takeAllBack(room, 4)).toBe(true);
    expect(sent).toEqual([
      { action: 'changeRoom', locked: false },
      { action: 'changeRoom', slow: 0 },
      { action: 'unbanPerson', person: 'bob' },
      { action: 'unbanPerson', person: 'carol' },
    ]);
    expect(complaints).toEqual([]);
  });

  it('is nothing where bans end by themselves or are those of others', async () => {
    const { room, sent } = roomWith({ bans: { bob: { until: 5 }, mallory: {} } });
    expect(await takeAllBack(room, 4)).toBe(true);
    expect(sent).toEqual([]);
  });

  it('is complained of where taking it back changes nothing', async () => {
    const { room, complaints } = roomWith({ locked: true }, false);
    await takeAllBack(room, 3);
    expect(complaints).toEqual(['{"action":"changeRoom","locked":false} was numbered and changed nothing']);
  });

  it('is not asked for again where the room does not come to rest', async () => {
    const { room, sent, complaints } = roomWith({ locked: true });
    expect(await takeAllBack({ ...room, settled: async () => false }, 3)).toBe(false);
    expect([sent.length, complaints]).toEqual([1, []]);
  });
});
