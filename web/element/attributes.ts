import { LitElement } from 'lit';
import type { Strings } from '../locales/strings.ts';

/** What a page can set. */
export class Attributes extends LitElement {
  static override readonly properties = {
    server: {},
    room: {},
    theme: {},
    lang: { reflect: true },
    pageSize: { type: Number, attribute: 'page-size' },
    announce: {},
    readonly: { type: Boolean },
    unreadTitle: { type: Boolean, attribute: 'unread-title' },
    callback: {},
    strings: { attribute: false },
    getToken: { attribute: false },
  };

  /** Base URL of the HTTP API. */
  declare server: string;
  /** One of any number of rooms: `a-z`, `0-9`, `-` and `_`, at most 64. */
  declare room: string;
  /** `page` follows the page's own `color-scheme`, `auto` the system. */
  declare theme: 'light' | 'dark' | 'auto' | 'page';
  /** Language, as BCP 47 tag: `ar`, `de`, `en`, `es`, `fr`, `ja`. Where absent, that of the page. */
  declare lang: string;
  /** Messages to load at a time. */
  declare pageSize: number;
  /** What a screen reader hears of new messages: their text, how many, or nothing. */
  declare announce: 'all' | 'count' | 'off';
  /** Without a place to write. */
  declare readonly: boolean;
  /** Shows the number of unread messages in the page's title. */
  declare unreadTitle: boolean;
  /** Address of `callback.html`, which finishes a sign-in; beside the script where absent. */
  declare callback: string;
  /** Texts to use instead of the built-in ones. */
  declare strings: Partial<Strings> | undefined;
  /**
   * The page's own session: gives an access token that is good now, `undefined` for nobody. The box then shows no sign-in
   * of its own. It gets the token the server has just refused, if there was one.
   */
  declare getToken: ((refused?: string) => Promise<string | undefined>) | undefined;

  constructor() {
    super();
    this.server = '';
    this.room = 'lobby';
    this.theme = 'page';
    this.pageSize = 30;
    this.announce = 'all';
    this.readonly = false;
    this.unreadTitle = false;
    this.callback = '';
  }
}
