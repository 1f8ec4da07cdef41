import type { RuleWords } from './words.ts';

export default {
  banned: 'Vous êtes exclu de ce salon et ne pouvez pas y écrire.',
  bannedUntil: 'Vous êtes exclu de ce salon jusqu’au {time}.',
  locked: 'Seule la modération écrit ici pour le moment.',
  words: 'Votre message contient un mot bloqué ici.',
  access: 'Vous ne pouvez pas écrire dans ce salon.',
  pinned: 'Message épinglé',
  reported: 'Merci. La modération est prévenue.',
  reason: 'Motif',
  reasons: {
    spam: 'Spam',
    abuse: 'Insultes',
    off_topic: 'Hors sujet',
    personal_data: 'Données personnelles',
    illegal: 'Illégal',
    other: 'Autre chose',
  },
  cancel: 'Annuler',
  close: 'Fermer',
} satisfies RuleWords;
