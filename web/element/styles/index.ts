import { feedStyles } from './feed.ts';
import { layout } from './layout.ts';
import { messageStyles } from './message.ts';
import { noticeStyles } from './notice.ts';
import { tokens } from './tokens.ts';

export const styles = [tokens, layout, feedStyles, messageStyles, noticeStyles];
