import { LitElement, type PropertyValues } from 'lit';
import type { Strings } from '../locales/strings.ts';

/** Properties that get their default back if they are `null`, `undefined`, empty or an unknown value. */
const named = ['server', 'room', 'theme', 'pageSize', 'announce', 'callback', 'remember'] as const;

const choices: Readonly<Record<string, string>> = {
  theme: ' light dark auto page ',
  announce: ' all count off ',
  remember: ' tab device no ',
};

/** Attributes and properties that a page can set. */
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
    remember: {},
    strings: { attribute: false },
    getToken: { attribute: false },
  };

  /** Base URL of the HTTP API. */
  declare server: string;
  /** One of any number of rooms: `a-z`, `0-9`, `-` and `_`, at most 64. */
  declare room: string;
  /** `page` follows the page's own `color-scheme`, `auto` the system. */
  declare theme: 'light' | 'dark' | 'auto' | 'page';
  /** Language, as BCP 47 tag: `ar`, `de`, `en`, `es`, `fr`, `ja`. Default: the page's, as it is when the box starts. */
  declare lang: string;
  /** Messages to load at a time. */
  declare pageSize: number;
  /** How new messages are announced to screen readers: their text, their number, or not at all. */
  declare announce: 'all' | 'count' | 'off';
  /** Hides the composer. */
  declare readonly: boolean;
  /** Shows the number of unread messages in the page's title. The box then stays connected while the page is hidden. */
  declare unreadTitle: boolean;
  /** Address of `callback.html`, which finishes a sign-in. Default: beside the script, so a bundled box needs it. */
  declare callback: string;
  /** How long a sign-in lasts: in its `tab`, in every tab of this browser (`device`), or until the page is left (`no`). */
  declare remember: 'tab' | 'device' | 'no';
  /** Texts to use instead of the built-in ones. */
  declare strings: Partial<Strings> | undefined;
  /**
   * The page's own session: returns a valid access token, or `undefined` if nobody is signed in. The box then shows no
   * sign-in of its own. Called with the token that the server has just refused, if any.
   */
  declare getToken: ((refused?: string) => Promise<string | undefined>) | undefined;

  readonly #defaults: readonly (readonly [(typeof named)[number], unknown])[];

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
    this.remember = 'tab';
    this.#defaults = named.map((name) => [name, this[name]]);
  }

  /**
   * Replaces missing and unknown values by the defaults. Lit sets a property to `null` when its attribute is removed.
   * Frameworks set a property without a value to `undefined`.
   */
  protected override willUpdate(_changed: PropertyValues<this>): void {
    for (const [name, standard] of this.#defaults) {
      const given = this[name];
      const value = typeof given === 'number' ? given : String(given ?? '').trim();
      const known = choices[name]?.includes(` ${value} `) ?? true;
      (this as Record<string, unknown>)[name] = (known && value) || standard;
    }
  }
}
