import { composerStyles } from './composer.ts';
import { feedStyles } from './feed.ts';
import { layout } from './layout.ts';
import { messageStyles } from './message.ts';
import { noticeStyles } from './notice.ts';
import { tokens } from './tokens.ts';

let sheet: CSSStyleSheet | undefined;

/** One for all boxes of a page, made with the first. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([tokens, layout, composerStyles, feedStyles, messageStyles, noticeStyles].join(''));
  }
  return sheet;
}
