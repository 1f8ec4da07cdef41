/** Texts that try to run code, to mislead the reader or to break the layout. */
export const ATTACKS = [
  '<img src=x onerror=alert(1)><script>alert(2)</script>',
  'javascript:alert(1) data:text/html,<b>x https://bank.example@evil.example/',
  '\u202Egnp.exe\u202C and after \u202Eright to left without an end',
  `Z${'\u0300\u0316\u0323\u0361\u0489'.repeat(12)}algo`,
  'A'.repeat(300),
  '{{7*7}} <%= 7 %> &lt;b&gt; ]]> --> \u0000 \ufeff \u200b end',
  'שלום https://example.org/?q=1 world',
];
