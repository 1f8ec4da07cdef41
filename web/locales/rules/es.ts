import type { RuleWords } from './words.ts';

export default {
  banned: 'Estás expulsado de esta sala y no puedes escribir aquí.',
  bannedUntil: 'Estás expulsado de esta sala hasta el {time}.',
  locked: 'Por ahora aquí solo escribe la moderación.',
  words: 'Tu mensaje tiene una palabra bloqueada aquí.',
  access: 'No puedes escribir en esta sala.',
  pinned: 'Mensaje fijado',
  reported: 'Gracias. La moderación ya lo sabe.',
  reason: 'Motivo',
  reasons: {
    spam: 'Spam',
    abuse: 'Insultos',
    off_topic: 'Fuera de tema',
    personal_data: 'Datos personales',
    illegal: 'Ilegal',
    other: 'Otra cosa',
  },
  cancel: 'Cancelar',
  close: 'Cerrar',
} satisfies RuleWords;
