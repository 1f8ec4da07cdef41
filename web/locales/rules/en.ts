import type { RuleWords } from './words.ts';

export default {
  banned: 'You are banned from this room and can’t write here.',
  bannedUntil: 'You are banned from this room until {time}.',
  locked: 'Only moderators write here at the moment.',
  words: 'Your message has a word that is blocked here.',
  access: 'You can’t write in this room.',
  pinned: 'Pinned message',
  reported: 'Thank you. The moderators have been told.',
  reason: 'Reason',
  reasons: {
    spam: 'Spam',
    abuse: 'Abuse',
    off_topic: 'Off topic',
    personal_data: 'Personal data',
    illegal: 'Illegal',
    other: 'Something else',
  },
  cancel: 'Cancel',
  close: 'Close',
} satisfies RuleWords;
