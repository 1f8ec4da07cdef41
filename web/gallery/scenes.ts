import { emptyFeed, mergePage } from '../../src/domain/feed/feed.ts';
import type { Message } from '../../src/domain/schema.generated.ts';
import { ATTACKS } from './attacks.ts';
import type { MadeUp, MadeUpClient } from './made-up-client.ts';
import { alice, bob, conversation, crowd, me, people } from './people.ts';

export interface Scene extends MadeUp {
  title: string;
  attributes?: Record<string, string>;
  signedIn?: boolean;
  draft?: string;
  /** Steps to take once the box is shown. */
  play?: (box: HTMLElement, client: MadeUpClient) => void;
}

const [, , carol, dave, erin] = people as [unknown, unknown, typeof me, typeof me, typeof me];

const messages: Message[] = conversation([
  [carol, 'Doors open at eight, bring a friend 🎈', 0],
  [bob, '🎉🎉🎉', 2],
  [me, 'Just booked two tickets. See you all there!', 4],
  [alice, 'The new line-up is here: https://example.org/line-up (scroll down for Sunday)', 9],
  [
    dave,
    'Is there a night bus back into town afterwards? Last year we walked for an hour and it rained the whole way.',
    31,
  ],
  [erin, undefined, 48],
  [bob, 'Morning everyone ☕', 26 * 60],
  [
    alice,
    'Welcome! This is the place for anything around the festival: lifts, spare tickets, lost umbrellas.',
    27 * 60,
  ],
]);

export const scenes: Record<string, Scene> = {
  live: { title: 'Live', messages },
  guest: { title: 'A guest reads', messages, snapshot: { signedIn: false }, signedIn: false },
  pill: {
    title: 'New messages wait',
    messages,
    play: (box, client) => {
      box.shadowRoot!.querySelector<HTMLElement>('.quiet')!.click();
      requestAnimationFrame(() => {
        for (const text of ['Anyone near the main stage?', 'On my way', 'Left side, red hat'])
          client.arrive({ actor: bob, id: `${bob.id}:p${text.length}`, type: 'MessagePosted', data: { text } });
      });
    },
  },
  sending: {
    title: 'Sending, sent, not sent',
    messages: messages.slice(3),
    snapshot: {
      outgoing: [
        {
          clientMessageId: 'a',
          text: 'Can somebody save me a seat?',
          at: Date.now(),
          state: 'failed',
          error: { code: 'timeout', message: 'No answer' },
        },
        { clientMessageId: 'b', text: 'Front row would be lovely', at: Date.now(), state: 'sent' },
        { clientMessageId: 'c', text: 'or anywhere near the bar', at: Date.now(), state: 'sending' },
      ],
    },
  },
  loading: { title: 'Loading', snapshot: { connection: 'connecting' } },
  empty: { title: 'Nobody has shouted yet' },
  members: { title: 'Members only', snapshot: { connection: 'signed-out', signedIn: false }, signedIn: false },
  resting: { title: 'Resting', messages, snapshot: { connection: 'resting' } },
  offline: { title: 'Offline', messages, snapshot: { connection: 'offline' } },
  catchingUp: { title: 'Catching up', messages, snapshot: { connection: 'catching-up' } },
  limited: {
    title: 'Rate limited',
    messages,
    snapshot: { rateLimitedUntil: Date.now() + 9_000 },
    draft: 'One more thing',
  },
  longDraft: {
    title: 'Near the limit',
    messages,
    draft: `${'All work and no play makes a dull box. '.repeat(13)}`,
  },
  readonly: { title: 'Read only', messages, attributes: { readonly: '' } },
  readonlyPinned: {
    title: 'Read only, and a pinned message',
    messages,
    attributes: { readonly: '' },
    snapshot: {
      feed: {
        ...mergePage(emptyFeed, messages),
        rules: { at: 1, pinned: { id: messages.at(-1)!.id, seq: 1 } },
      },
    },
  },
  older: { title: 'More to load', messages: crowd(40, 540), snapshot: { hasOlder: true }, older: () => crowd(60, 500) },
  groups: {
    title: 'In a row by one person, and deleted',
    messages: conversation([
      [carol, 'So am I', 0],
      [carol, 'On my way', 1],
      [me, 'Wait for me!', 2],
      [me, 'I am nearly there', 3],
      [me, 'Who is still at home?', 4],
      [bob, undefined, 5],
      [bob, undefined, 6],
      [alice, 'Anyone for coffee? See www.example.org or write to cafe@example.org', 7],
    ]),
  },
  moderated: {
    title: 'A moderator, and what one removed',
    messages: conversation([
      [{ ...alice, role: 'moderator' }, 'Keep it friendly, please.', 1],
      [{ ...bob, role: 'moderator', name: 'Bartholomew with a very long name indeed' }, 'What alice says.', 2],
      [me, 'Anyone selling tickets?', 4],
      [erin, undefined, 5],
      [dave, undefined, 6],
    ]).map((message) => (message.actor === dave ? { ...message, byModerator: true as const } : message)),
  },
  moderating: {
    title: 'A moderator',
    messages,
    snapshot: { role: 'moderator' },
    pages: {
      reports: {
        reports: [{ message: messages[4], reports: [{ by: carol, at: Date.now(), reason: 'off_topic' }] }],
        bans: [{ person: erin.id, name: 'erin', until: Date.now() + 86_400_000 }],
      },
    },
  },
  banned: {
    title: 'Banned for a day, and a pinned message',
    messages,
    snapshot: {
      feed: {
        ...mergePage(emptyFeed, messages),
        rules: { at: 1, pinned: { id: messages.at(-1)!.id, seq: 1 } },
      },
      outgoing: [
        {
          clientMessageId: 'a',
          text: 'Buy my tickets!',
          at: Date.now(),
          state: 'failed',
          error: { code: 'forbidden', message: 'You are banned.', rule: 'banned', until: Date.now() + 86_400_000 },
        },
      ],
    },
  },
  locked: {
    title: 'Only moderators write',
    messages,
    snapshot: { feed: { ...mergePage(emptyFeed, messages), rules: { at: 1, locked: true } } },
  },
  slow: {
    title: 'Slow mode',
    messages,
    snapshot: { feed: { ...mergePage(emptyFeed, messages), rules: { at: 1, slow: 30 } } },
  },
  lookalikes: {
    title: 'Two people who look the same',
    messages: conversation([
      [{ ...alice, id: 'Zm9vYmFyYmF6cXV4MTIzN', name: 'аlice', skeleton: 'look' }, 'Send me your tickets', 1],
      [{ ...alice, skeleton: 'look' }, 'I have two tickets left', 3],
      [bob, 'Anyone with a spare ticket?', 5],
    ]),
  },
  long: {
    title: 'A message that is very high',
    messages: conversation([
      [bob, 'After it', 1],
      [dave, `First line${'\n'.repeat(490)}Last line https://example.org/end`, 2],
      [alice, 'Before it', 3],
    ]),
  },
  arabic: {
    title: 'Arabic, right to left',
    attributes: { lang: 'ar' },
    messages: conversation([
      [alice, 'أهلا بالجميع! متى تفتح الأبواب؟', 1],
      [me, 'في الثامنة مساء، والتذاكر هنا: https://example.org/tickets', 3],
      [bob, 'See you there!', 12],
    ]),
  },
  japanese: {
    title: 'Japanese',
    attributes: { lang: 'ja' },
    messages: conversation([
      [alice, '今夜のライブ、楽しみにしています！', 1],
      [bob, '開場は八時からです。', 14],
    ]),
  },
  themed: { title: 'A theme of the page', messages, attributes: { class: 'themed' } },
  attacks: {
    title: 'Hostile text',
    messages: conversation(ATTACKS.map((text, index) => [people[index % 5]!, text, index] as const)),
  },
};
