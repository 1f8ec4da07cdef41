import type { RuleWords } from './words.ts';

export default {
  banned: 'この部屋から追放されているため、書き込めません。',
  bannedUntil: '{time} までこの部屋に書き込めません。',
  locked: '現在、モデレーターだけが書き込めます。',
  words: 'メッセージに使用できない言葉が含まれています。',
  access: 'この部屋には書き込めません。',
  pinned: '固定されたメッセージ',
  reported: '報告しました。ありがとうございます。',
  reason: '理由',
  reasons: {
    spam: 'スパム',
    abuse: '嫌がらせ',
    off_topic: '話題と無関係',
    personal_data: '個人情報',
    illegal: '違法',
    other: 'その他',
  },
  cancel: 'キャンセル',
  close: '閉じる',
} satisfies RuleWords;
