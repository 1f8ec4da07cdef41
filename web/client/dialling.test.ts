import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import type { Credentials } from './credentials.ts';
import { Dialling } from './dialling.ts';
import { Lifetime } from './lifetime.ts';
import type { Replica } from './replica.ts';
import { settle, VirtualClock } from './testing/clock.ts';
import { config } from './testing/room.ts';

/** Creates a `Dialling` with answers that a test can replace, and a record of the calls that it makes. */
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
  const credentials = {
    token: undefined as string | undefined,
    async acquire() {
      this.token = await answers.token();
      return this.token;
    },
  };
  const replica = {
    isOpen: false,
    state: { loaded: false },
    open() {
      if (!this.isOpen) told.push('opens');
      this.isOpen = true;
    },
    close() {
      told.push('closes');
      this.isOpen = false;
    },
    poll: () => told.push('polls'),
  };
  const one = new Dialling(
    'lobby',
    api as unknown as Api,
    credentials as unknown as Credentials,
    replica as unknown as Replica,
    {
      identified: () => told.push('identified'),
      unidentified: () => told.push('unidentified'),
      changed: () => told.push('changed'),
    },
  );
  const life = new Lifetime(new VirtualClock());
  const dial = async (failing = false) => {
    told.length = 0;
    return one.dial(life, failing);
  };
  return { one, dial, life, told, answers, api, credentials };
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
    expect(told).toEqual(['identified', 'changed']);
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
    answers.config = async () => {
      await settle();
      return { ...config, guests: false };
    };
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
    expect(told).toEqual(['asks', 'identified', 'changed', 'polls']);
    answers.config = async () => ({ ...config, webSocketUrl: 'wss://new.example/' });
    expect(await dial(true)).toMatchObject({ url: 'wss://new.example/?room=lobby' });
  });

  it('waits with the first page for no token where guests may read, and for one where they may not', async () => {
    const { dial, told, answers } = dialling();
    const token = Promise.withResolvers<string>();
    answers.token = () => token.promise;
    const dialled = dial();
    await settle();
    expect(told).toEqual(['asks', 'opens']);
    token.resolve('token');
    expect(await dialled).toMatchObject({ token: 'token' });
    expect(told.slice(2), 'a guest may be refused what this person is given').toEqual([
      ...['identified', 'closes', 'opens', 'changed'],
    ]);
    const closed = dialling();
    closed.answers.token = () => new Promise(() => {});
    closed.answers.config = async () => ({ ...config, guests: false });
    void closed.dial();
    await settle();
    expect(closed.told).toEqual(['asks']);
  });

  it('asks for no page with a token that may have expired meanwhile', async () => {
    const { dial, told, answers, credentials } = dialling();
    credentials.token = 'old';
    answers.token = () => new Promise(() => {});
    void dial();
    await settle();
    expect(told).toEqual(['asks']);
  });

  it('goes on as a guest while the token cannot be had, and has it asked for again', async () => {
    const { dial, told, answers, credentials } = dialling();
    await dial();
    answers.token = fails;
    expect(await dial()).toMatchObject({ protocols: ['shout-box.v1'], token: undefined });
    expect(told).toEqual(['unidentified', 'changed']);
    expect(credentials.token).toBeUndefined();
  });

  it('fails where guests may not read and the token cannot be had', async () => {
    const { dial, told, answers } = dialling();
    answers.token = fails;
    answers.config = async () => ({ ...config, guests: false });
    await expect(dial()).rejects.toThrow('no answer');
    expect(told).toEqual(['asks']);
  });

  it('fails without settings, and the replica stops', async () => {
    const { dial, told, answers } = dialling();
    answers.config = fails;
    await expect(dial()).rejects.toThrow('no answer');
    expect(told.at(-1)).toBe('closes');
  });

  it('that has ended does nothing with the answers', async () => {
    const { dial, told, life } = dialling();
    const dialled = dial();
    life.end();
    expect(await dialled).toBeUndefined();
    expect(told).toEqual(['asks']);
  });
});
