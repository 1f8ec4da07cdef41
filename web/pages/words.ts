/** The texts of `sign-in.html` and `callback.html`. */
interface Words {
  signingIn: string;
  /** Heading of the question for the person's consent. */
  ask: string;
  /** Says what an origin will be able to do. */
  may: string;
  /** Says what the page at an address will be able to do. Used if nothing proves the origin of the asking page. */
  mayGoTo: string;
  /** Asks for another click, because `ConsentGate` did not count the last one: the person may not have meant it. */
  again: string;
  continue: string;
  cancel: string;
  withdrawable: string;
  done: string;
  close: string;
  nothing: string;
  nothingHint: string;
  failed: string;
  gone: string;
  framed: string;
  notAllowed: string;
  agreedTo: string;
  agreedToNobody: string;
  withdraw: string;
}

const en: Words = {
  signingIn: 'Signing in…',
  ask: 'Sign in on this site?',
  may: 'It will be able to read and write in the shoutbox as you.',
  mayGoTo: 'You will be sent to this address. It will be able to read and write in the shoutbox as you.',
  again: 'That was too quick to be sure. Wait a second, move the pointer, and press again.',
  continue: 'Continue',
  cancel: 'Cancel',
  withdrawable: 'You can take this back on this page at any time.',
  done: 'Done',
  close: 'You can close this window.',
  nothing: 'Nothing to do here',
  nothingHint: 'This page only finishes a sign-in. You can close it.',
  failed: 'The sign-in did not work',
  gone: 'The page that asked is no longer there. Close this window and sign in again.',
  framed: 'This page does not work inside another page.',
  notAllowed: 'This site is not one of those that may use this shoutbox.',
  agreedTo: 'You agreed to sign in on',
  agreedToNobody: 'You have not agreed to sign in on any other site.',
  withdraw: 'Take back',
};

const de: Words = {
  signingIn: 'Anmeldung läuft…',
  ask: 'Auf dieser Seite anmelden?',
  may: 'Sie kann dann in deinem Namen in der Shoutbox lesen und schreiben.',
  mayGoTo: 'Du wirst an diese Adresse geleitet. Sie kann dann in deinem Namen in der Shoutbox lesen und schreiben.',
  again: 'Das ging zu schnell. Warte eine Sekunde, bewege den Zeiger und drücke noch einmal.',
  continue: 'Weiter',
  cancel: 'Abbrechen',
  withdrawable: 'Du kannst das jederzeit auf dieser Seite zurücknehmen.',
  done: 'Fertig',
  close: 'Du kannst dieses Fenster schließen.',
  nothing: 'Hier gibt es nichts zu tun',
  nothingHint: 'Diese Seite schließt nur eine Anmeldung ab. Du kannst sie schließen.',
  failed: 'Die Anmeldung hat nicht geklappt',
  gone: 'Die Seite, die gefragt hat, ist nicht mehr da. Schließe dieses Fenster und melde dich noch einmal an.',
  framed: 'Diese Seite funktioniert nicht innerhalb einer anderen Seite.',
  notAllowed: 'Diese Website gehört nicht zu denen, die diese Shoutbox benutzen dürfen.',
  agreedTo: 'Du hast der Anmeldung zugestimmt auf',
  agreedToNobody: 'Du hast keiner Anmeldung auf einer anderen Seite zugestimmt.',
  withdraw: 'Zurücknehmen',
};

const es: Words = {
  signingIn: 'Iniciando sesión…',
  ask: '¿Iniciar sesión en este sitio?',
  may: 'Podrá leer y escribir en el chat en tu nombre.',
  mayGoTo: 'Irás a esta dirección. Podrá leer y escribir en el chat en tu nombre.',
  again: 'Ha sido demasiado rápido. Espera un segundo, mueve el puntero y pulsa de nuevo.',
  continue: 'Continuar',
  cancel: 'Cancelar',
  withdrawable: 'Puedes retirarlo en esta página cuando quieras.',
  done: 'Listo',
  close: 'Puedes cerrar esta ventana.',
  nothing: 'Aquí no hay nada que hacer',
  nothingHint: 'Esta página solo termina un inicio de sesión. Puedes cerrarla.',
  failed: 'No se pudo iniciar sesión',
  gone: 'La página que preguntó ya no está. Cierra esta ventana e inicia sesión de nuevo.',
  framed: 'Esta página no funciona dentro de otra.',
  notAllowed: 'Este sitio no está entre los que pueden usar este chat.',
  agreedTo: 'Aceptaste iniciar sesión en',
  agreedToNobody: 'No has aceptado iniciar sesión en ningún otro sitio.',
  withdraw: 'Retirar',
};

const fr: Words = {
  signingIn: 'Connexion…',
  ask: 'Se connecter sur ce site ?',
  may: 'Il pourra lire et écrire dans la shoutbox en votre nom.',
  mayGoTo: 'Vous serez envoyé à cette adresse. Elle pourra lire et écrire dans la shoutbox en votre nom.',
  again: 'C’était trop rapide. Attendez une seconde, bougez le pointeur et appuyez de nouveau.',
  continue: 'Continuer',
  cancel: 'Annuler',
  withdrawable: 'Vous pouvez retirer cet accord sur cette page à tout moment.',
  done: 'Terminé',
  close: 'Vous pouvez fermer cette fenêtre.',
  nothing: 'Rien à faire ici',
  nothingHint: 'Cette page ne fait que terminer une connexion. Vous pouvez la fermer.',
  failed: 'La connexion n’a pas abouti',
  gone: 'La page qui a demandé n’est plus là. Fermez cette fenêtre et reconnectez-vous.',
  framed: 'Cette page ne fonctionne pas dans une autre page.',
  notAllowed: 'Ce site ne fait pas partie de ceux qui peuvent utiliser ce chat.',
  agreedTo: 'Vous avez accepté de vous connecter sur',
  agreedToNobody: 'Vous n’avez accepté de vous connecter sur aucun autre site.',
  withdraw: 'Retirer',
};

const ja: Words = {
  signingIn: 'サインインしています…',
  ask: 'このサイトでサインインしますか?',
  may: 'このサイトは、あなたとしてシャウトボックスの読み書きができるようになります。',
  mayGoTo: 'このアドレスに移動します。移動先は、あなたとしてシャウトボックスの読み書きができるようになります。',
  again: '操作が速すぎました。1秒待ち、ポインターを動かしてから、もう一度押してください。',
  continue: '続ける',
  cancel: 'キャンセル',
  withdrawable: 'この同意は、このページでいつでも取り消せます。',
  done: '完了',
  close: 'このウィンドウを閉じてかまいません。',
  nothing: 'ここですることはありません',
  nothingHint: 'このページはサインインを完了するだけです。閉じてかまいません。',
  failed: 'サインインできませんでした',
  gone: '要求したページはもうありません。このウィンドウを閉じて、もう一度サインインしてください。',
  framed: 'このページは他のページの中では動作しません。',
  notAllowed: 'このサイトはこのシャウトボックスを利用できるサイトではありません。',
  agreedTo: 'サインインに同意したサイト',
  agreedToNobody: '他のサイトでのサインインには同意していません。',
  withdraw: '取り消す',
};

const ar: Words = {
  signingIn: 'جارٍ تسجيل الدخول…',
  ask: 'هل تريد تسجيل الدخول في هذا الموقع؟',
  may: 'سيتمكن من القراءة والكتابة في صندوق الدردشة باسمك.',
  mayGoTo: 'ستنتقل إلى هذا العنوان. سيتمكن من القراءة والكتابة في صندوق الدردشة باسمك.',
  again: 'كان ذلك أسرع من اللازم. انتظر ثانية، وحرّك المؤشر، ثم اضغط مرة أخرى.',
  continue: 'متابعة',
  cancel: 'إلغاء',
  withdrawable: 'يمكنك سحب موافقتك في هذه الصفحة متى شئت.',
  done: 'تم',
  close: 'يمكنك إغلاق هذه النافذة.',
  nothing: 'لا شيء لفعله هنا',
  nothingHint: 'هذه الصفحة تُكمل تسجيل الدخول فقط. يمكنك إغلاقها.',
  failed: 'تعذّر تسجيل الدخول',
  gone: 'الصفحة التي طلبت ذلك لم تعد موجودة. أغلق هذه النافذة وسجّل الدخول من جديد.',
  framed: 'لا تعمل هذه الصفحة داخل صفحة أخرى.',
  notAllowed: 'هذا الموقع ليس من المواقع المسموح لها باستخدام صندوق الرسائل هذا.',
  agreedTo: 'وافقت على تسجيل الدخول في',
  agreedToNobody: 'لم توافق على تسجيل الدخول في أي موقع آخر.',
  withdraw: 'سحب',
};

const languages: Record<string, Words> = { ar, de, en, es, fr, ja };

const language = navigator.languages.map((tag) => tag.split('-')[0]!).find((tag) => tag in languages) ?? 'en';
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';

/** The texts in the language that the visitor prefers among those of `languages`, or else in English. */
export const words: Words = languages[language]!;
