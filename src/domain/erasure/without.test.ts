import { describe, expect, it } from 'vitest';
import { type Item, without } from './without.ts';

const bob = { id: 'b'.repeat(22), name: 'Bob', picture: 'https://pictures.example/bob', skeleton: 'abcdefgh' };
const nobody = { id: bob.id, name: 'guest-bbbb' };
const carol = { id: 'c'.repeat(22), name: 'Carol' };
const target = { person: bob.id };
const said = (more: Item = {}): Item => ({
  ...{ room: 'lobby', id: `${bob.id}:1`, type: 'MessagePosted', v: 1, at: 1, actor: bob, data: { text: 'secret' } },
  ...{ seq: 7, revision: 2 },
  ...more,
});

describe('what is left of an item without a person', () => {
  it('is a message that keeps its place and says nothing, of somebody without name and picture', () => {
    expect(without(target, said())).toEqual(said({ actor: nobody, data: { deleted: true, byModerator: true } }));
  });

  it.each([
    ['a message that was deleted before', { deleted: true }],
    ['a message that was voided', { voided: true }],
  ])('is %s, without the name', (_, data) => {
    expect(without(target, said({ data }))).toEqual(said({ actor: nobody, data }));
  });

  it('is what they did as a moderator, with the role and without the name', () => {
    const data = { person: carol.id };
    const ban = said({ type: 'PersonBanned', actor: { ...bob, role: 'moderator' }, data });
    expect(without(target, ban)).toEqual({ ...ban, actor: { ...nobody, role: 'moderator' } });
  });

  it.each([
    ['no picture', { id: bob.id, name: 'Bob' }],
    ['no name, but a picture', { ...nobody, picture: bob.picture }],
    ['no name, but a hash of one', { ...nobody, skeleton: bob.skeleton }],
  ])('is without their name, picture and hash where they had %s', (_, actor) => {
    expect(without(target, said({ actor, data: { deleted: true } })).actor).toEqual(nobody);
    expect(without(target, { pk: 'CONN#x', sk: 'CONN', actor }).actor).toEqual(nobody);
  });

  it.each([
    ['by its id alone', { actor: carol }],
    ['whose name is gone already', { actor: nobody }],
  ])('is a message that says nothing, theirs %s', (_, more) => {
    expect(without(target, said(more)).data).toEqual({ deleted: true, byModerator: true });
  });

  it.each([
    ['no type', { id: `${bob.id}:1` }],
    ['no id', { type: 'MessagePosted' }],
  ])('is a row, and no event, where it has %s', (_, row) => {
    expect(without(target, { ...row, actor: bob })).toStrictEqual({ ...row, actor: nobody });
  });

  it('is a row of state without the name, wherever it is in it', () => {
    const ids = new Set(['x']);
    const row = { pk: 'CONN#x', sk: 'CONN', actor: bob, ids, list: [{ by: carol }, { by: bob }], none: null };
    const left = without(target, row);
    expect(left).toEqual({ ...row, actor: nobody, list: [{ by: carol }, { by: nobody }] });
    expect(left.ids).toBe(ids);
  });

  it.each([
    ['what somebody else said', said({ id: `${carol.id}:1`, actor: carol })],
    ['what is erased already', said({ actor: nobody, data: { deleted: true } })],
    ['an event that only names the id', said({ id: `${carol.id}:2`, actor: carol, data: { person: bob.id } })],
    ['a row of others', { pk: 'CONN#x', list: [carol, { by: carol }], gone: undefined }],
    ['a row that only names the id', { pk: 'x', of: { id: bob.id, count: 1 } }],
    ['rules of a room', { room: 'lobby', id: 'RULES', at: 3, bans: { [bob.id]: { until: 4 } } }],
  ])('is %s itself', (_, item) => {
    expect(without(target, item)).toBe(item);
  });
});

describe('what is left of an item without a message', () => {
  it('is its place', () => {
    expect(without({ room: 'lobby', message: `${bob.id}:1` }, said())).toMatchObject({ actor: nobody, seq: 7 });
  });

  it.each([
    ['another message of the person', { room: 'lobby', message: `${bob.id}:2` }],
    ['the message with this id in another room', { room: 'garden', message: `${bob.id}:1` }],
  ])('is %s itself', (_, other) => {
    const item = said();
    expect(without(other, item)).toBe(item);
  });
});
