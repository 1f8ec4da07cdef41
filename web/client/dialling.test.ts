import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import type { Credentials } from './credentials.ts';
import { Dialling } from './dialling.ts';
import { Lifetime } from './lifetime.ts';
import type { Replica } from './replica.ts';
import { VirtualClock } from './testing/clock.ts';
import { config } from './testing/room.ts';

/** What dialling asks, and what it does with the answers. */
function dialling() {
  const told: string[] = [];
  const answers = {
    token: async (): Promise<string | undefined> => 'token',
    config: async (): Promise<Config> => config,
  };
  const api = {
    largestPage: 50,
    config: () => {
      told.push('asks');
      return answers.config();
    },
  };
  const credentials = { acquire: () => answers.token() };
  const replica = { open: () => told.push('opens'), close: () => told.push('closes'), poll: () => told.push('polls') };
  const one = new Dialling(
    'lobby',
    api as unknown as Api,
    credentials as unknown as Credentials,
    replica as unknown as Replica,
    { identified: () => told.push('identified'), changed: () => told.push('changed') },
  );
  const life = new Lifetime(new VirtualClock());
  const dial = async (failing = false) => {
    told.length = 0;
    return one.dial(life, failing);
  };
  return { one, dial, life, told, answers, api };
}
const guest = async () => undefined;
const fails = async () => {
  throw new Error('no answer');
};

describe('dialling', () => {
  it('says where and as whom, and has the first page fetched meanwhile', async () => {
    const { dial, told, api, one } = dialling();
    expect(await dial()).toEqual({
      ...{ url: 'wss://ws.example/prod?room=lobby', protocols: ['shout-box.v1', 'bearer.token'], token: 'token' },
    });
    expect(told).toEqual(['asks', 'identified', 'opens', 'changed']);
    expect([api.largestPage, one.config]).toEqual([100, config]);
    await dial();
    expect(told).toEqual(['identified', 'opens', 'changed']);
  });

  it('as a guest offers no token, where guests may read', async () => {
    const { dial, told, answers } = dialling();
    answers.token = guest;
    expect(await dial()).toMatchObject({ protocols: ['shout-box.v1'], token: undefined });
    expect(told).toEqual(['asks', 'opens', 'changed']);
  });

  it('as a guest leads nowhere where they may not, and reads no page once that is known', async () => {
    const { dial, told, answers } = dialling();
    answers.token = guest;
    answers.config = async () => ({ ...config, guests: false });
    expect(await dial()).toBeUndefined();
    expect(told).toEqual(['asks', 'opens', 'changed', 'closes']);
    expect(await dial()).toBeUndefined();
    expect(told).toEqual(['changed', 'closes']);
  });

  it('again after a failure asks for the settings anew, lives on with the old ones, and polls', async () => {
    const { dial, told, answers } = dialling();
    await dial();
    answers.config = fails;
    expect(await dial(true)).toMatchObject({ token: 'token' });
    expect(told).toEqual(['asks', 'identified', 'opens', 'changed', 'polls']);
    answers.config = async () => ({ ...config, webSocketUrl: 'wss://new.example/' });
    expect(await dial(true)).toMatchObject({ url: 'wss://new.example/?room=lobby' });
  });

  it('fails without settings, and the replica stops; a token that fails stops nothing that is known', async () => {
    const { dial, told, answers } = dialling();
    answers.config = fails;
    await expect(dial()).rejects.toThrow('no answer');
    expect(told.at(-1)).toBe('closes');
    answers.config = async () => config;
    await dial();
    answers.token = fails;
    await expect(dial()).rejects.toThrow('no answer');
    expect(told).toEqual([]);
  });

  it('that has ended does nothing with the answers', async () => {
    const { dial, told, life } = dialling();
    const dialled = dial();
    life.end();
    expect(await dialled).toBeUndefined();
    expect(told).toEqual(['asks']);
  });
});
