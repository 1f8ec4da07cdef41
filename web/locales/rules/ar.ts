import type { RuleWords } from './words.ts';

export default {
  banned: 'أنت محظور في هذه الغرفة ولا يمكنك الكتابة هنا.',
  bannedUntil: 'أنت محظور في هذه الغرفة حتى {time}.',
  locked: 'المشرفون وحدهم يكتبون هنا حاليًا.',
  words: 'في رسالتك كلمة محظورة هنا.',
  access: 'لا يمكنك الكتابة في هذه الغرفة.',
  pinned: 'رسالة مثبتة',
  reported: 'شكرًا. أُبلغ المشرفون.',
  reason: 'السبب',
  reasons: {
    spam: 'رسائل مزعجة',
    abuse: 'إساءة',
    off_topic: 'خارج الموضوع',
    personal_data: 'بيانات شخصية',
    illegal: 'مخالف للقانون',
    other: 'سبب آخر',
  },
  cancel: 'إلغاء',
  close: 'إغلاق',
} satisfies RuleWords;
