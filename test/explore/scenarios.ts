import { actors, idOf, type Said, type Scenario, type Writer } from './scenario.ts';

const say = (clientMessageId: string, text = clientMessageId): Said => ({
  action: 'sendMessage',
  text,
  clientMessageId,
});
const unsay = (actor: 'ann' | 'bob', target: string, clientMessageId = `no-${target}`): Said => ({
  action: 'deleteMessage',
  target: idOf(actor, target),
  clientMessageId,
});
const ban = (actor: 'ann' | 'bob', more: { hide?: true } = {}): Said => ({
  action: 'banPerson',
  person: actors[actor].id,
  ...more,
  clientMessageId: `ban-${actor}`,
});
const unban = (actor: 'ann' | 'bob'): Said => ({
  action: 'unbanPerson',
  person: actors[actor].id,
  clientMessageId: `unban-${actor}`,
});
const oneEach: readonly Writer[] = [
  { actor: 'ann', says: [say('a1')] },
  { actor: 'bob', says: [say('b1')] },
];
const present = { present: true };
const later = { present: false };

/**
 * Scenarios that are small enough to be searched completely. Each allows only a few faults. Several threads search the
 * scenarios in this order. The largest are first, so that the threads end at about the same time.
 */
export const scenarios: readonly Scenario[] = [
  {
    name: 'deletion-read',
    about: 'A message is deleted while it is numbered and a reader comes; the index lags. Whichever is numbered first.',
    writers: [{ actor: 'ann', says: [say('a1'), unsay('ann', 'a1')] }],
    readers: [later],
    fanOuts: 1,
    anyOrder: true,
    atMost: { join: 1, lag: 1 },
  },
  {
    name: 'redelivery',
    about: 'Batches come twice, at once and in any order, and a write is made without an answer.',
    writers: oneEach,
    readers: [present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { redelivery: 1, unknownWrite: 1 },
  },
  {
    name: 'refused',
    about: 'The database refuses reads and writes, of commands and of fan-outs; batches come twice.',
    writers: oneEach,
    readers: [present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { refusal: 2, redelivery: 1 },
  },
  {
    name: 'retries',
    about: 'Acks are lost, servers are slow, and clients send again, also beside an attempt that still runs.',
    writers: [
      { actor: 'ann', says: [say('a1'), say('a2')] },
      { actor: 'ann', says: [say('a1', 'something else')] },
    ],
    readers: [present],
    fanOuts: 1,
    atMost: { lostAnswer: 1, early: 1, unknownWrite: 1 },
  },
  {
    name: 'latecomer',
    about: 'A reader comes while messages are numbered and the index lags behind.',
    writers: oneEach,
    readers: [later],
    fanOuts: 1,
    anyOrder: true,
    atMost: { join: 1, lag: 2 },
  },
  {
    name: 'come-and-go',
    about: 'A socket is cut, the reader comes back and resumes; the posts in between go nowhere.',
    writers: oneEach,
    readers: [present],
    fanOuts: 2,
    atMost: { join: 1, leave: 1 },
  },
  {
    name: 'three-again',
    about: 'Three messages, two fan-outs at once, and a batch that comes twice: numbers only, nobody reads.',
    writers: [
      { actor: 'ann', says: [say('a1'), say('a2')] },
      { actor: 'bob', says: [say('b1')] },
    ],
    readers: [],
    fanOuts: 2,
    anyOrder: true,
    atMost: { redelivery: 1 },
  },
  {
    name: 'lost-head',
    about: "The row of the room's head is lost between any two calls.",
    writers: oneEach,
    readers: [present],
    fanOuts: 2,
    atMost: { lostHead: 1 },
  },
  {
    name: 'lost-posts',
    about: 'Two people write, two fan-outs run at once, two readers; frames are lost and a fan-out dies.',
    writers: oneEach,
    readers: [present, present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { lostPost: 1, crash: 1 },
  },
  {
    name: 'deletion-lags',
    about: 'A deleted message on a page that the index serves late.',
    writers: [{ actor: 'ann', says: [say('a1'), unsay('ann', 'a1')] }],
    readers: [later],
    fanOuts: 1,
    anyOrder: true,
    given: 1,
    pageSize: 1,
    atMost: { join: 1, lag: 2 },
  },
  {
    name: 'three',
    about: 'Three messages, three orders, one reader that misses some.',
    writers: [
      { actor: 'ann', says: [say('a1'), say('a2')] },
      { actor: 'bob', says: [say('b1')] },
    ],
    readers: [present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { lostPost: 1 },
  },
  {
    name: 'scroll-lags',
    about: 'A reader comes and scrolls down while the index does not show a number in the middle.',
    writers: [{ actor: 'ann', says: [say('a1'), say('a2'), say('a3')] }],
    readers: [later],
    fanOuts: 1,
    given: 1,
    pageSize: 1,
    atMost: { join: 1, lag: 1, scroll: 2 },
  },
  {
    name: 'lost-head-read',
    about: "The row of the room's head is lost while a reader that missed a frame asks for events.",
    writers: [{ actor: 'ann', says: [say('a1'), say('a2')] }],
    readers: [present],
    fanOuts: 1,
    atMost: { lostHead: 1, lostPost: 1, ping: 1 },
  },
  {
    name: 'lost-head-lags',
    about: "The row of the room's head is lost while the index does not show the newest numbers.",
    writers: [{ actor: 'ann', says: [say('a1'), say('a2')] }],
    readers: [present],
    fanOuts: 1,
    given: 1,
    atMost: { lostHead: 1, lag: 1 },
  },
  {
    name: 'lost-head-young',
    about: "The row of a young room's head is lost while the index shows none of its numbers.",
    writers: [{ actor: 'ann', says: [say('a1'), say('a2')] }],
    readers: [present],
    fanOuts: 1,
    atMost: { lostHead: 1, lag: 1 },
  },
  {
    name: 'deleted-twice',
    about: 'Two tabs delete the same message at once; answers are lost.',
    writers: [
      { actor: 'bob', says: [unsay('bob', 'g1')] },
      { actor: 'bob', says: [unsay('bob', 'g1', 'no-g1-again')] },
    ],
    readers: [present],
    fanOuts: 1,
    given: 1,
    atMost: { lostAnswer: 1, unknownWrite: 1 },
  },
  {
    name: 'ban',
    about: 'Somebody is banned while they write; numbers decide what is still shown. Batches come twice, in any order.',
    writers: [
      { actor: 'ann', says: [say('a1')] },
      { actor: 'mod', says: [ban('ann')] },
    ],
    readers: [present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { redelivery: 1, lostPost: 1 },
  },
  {
    name: 'ban-read',
    about: 'Somebody is banned while they write, and a reader comes; the index lags.',
    writers: [
      { actor: 'ann', says: [say('a1')] },
      { actor: 'mod', says: [ban('ann')] },
    ],
    readers: [later],
    fanOuts: 1,
    anyOrder: true,
    atMost: { join: 1, lag: 1 },
  },
  {
    name: 'unban',
    about: 'Somebody is banned and unbanned while they write; batches come in any order, and frames are lost.',
    writers: [
      { actor: 'ann', says: [say('a1')] },
      { actor: 'mod', says: [ban('ann'), unban('ann')] },
    ],
    readers: [present],
    fanOuts: 1,
    anyOrder: true,
    atMost: { lostPost: 1, redelivery: 1 },
  },
  {
    name: 'hide',
    about: 'What somebody said is hidden while a reader comes and scrolls; the index lags behind the scrubbing.',
    writers: [{ actor: 'mod', says: [ban('bob', { hide: true })] }],
    readers: [later],
    fanOuts: 1,
    given: 2,
    pageSize: 1,
    atMost: { join: 1, lag: 1, scroll: 1, crash: 1 },
  },
  {
    name: 'hide-live',
    about: 'What somebody says is hidden before it is numbered or after; the frames come twice or not at all.',
    writers: [
      { actor: 'bob', says: [say('b1')] },
      { actor: 'mod', says: [ban('bob', { hide: true })] },
    ],
    readers: [present],
    fanOuts: 1,
    anyOrder: true,
    given: 1,
    atMost: { lostPost: 1, redelivery: 1 },
  },
  {
    name: 'deletion',
    about: 'A message is deleted while it is numbered and delivered, whichever of both is numbered first.',
    writers: [{ actor: 'ann', says: [say('a1'), unsay('ann', 'a1')] }],
    readers: [present],
    fanOuts: 2,
    anyOrder: true,
    atMost: { lostPost: 1 },
  },
];
