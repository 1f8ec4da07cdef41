import type { RuleWords } from './words.ts';

export default {
  banned: 'Du bist aus diesem Raum ausgeschlossen und kannst hier nicht schreiben.',
  bannedUntil: 'Du bist bis {time} aus diesem Raum ausgeschlossen.',
  locked: 'Hier schreibt im Moment nur die Moderation.',
  words: 'Deine Nachricht enthält ein Wort, das hier gesperrt ist.',
  access: 'In diesem Raum kannst du nicht schreiben.',
  pinned: 'Angeheftete Nachricht',
  reported: 'Danke. Die Moderation weiß Bescheid.',
  reason: 'Grund',
  reasons: {
    spam: 'Spam',
    abuse: 'Beleidigung',
    off_topic: 'Gehört nicht hierher',
    personal_data: 'Persönliche Daten',
    illegal: 'Verboten',
    other: 'Etwas anderes',
  },
  cancel: 'Abbrechen',
  close: 'Schließen',
} satisfies RuleWords;
