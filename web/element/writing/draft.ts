import { attempt } from '../../client/attempt.ts';

const PREFIX = 'shout-box:draft:';
/** Where the page has no storage, drafts live as long as the page. */
const drafts = new Map<string, string>();

function write(key: string, text: string): void {
  drafts.set(key, text);
  attempt(() => (text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key)));
}

/** Keeps the text that somebody types in a room, over a reload and over a sign-in that leaves the page. */
export class Draft {
  readonly key: string;
  readonly #guest: string;

  /** @param author as `personOf` names them; undefined for a guest */
  constructor(place: string, author: string | undefined) {
    this.#guest = PREFIX + place;
    this.key = author ? `${this.#guest} ${author}` : this.#guest;
  }

  /** Whoever signs in goes on with what they typed as a guest. */
  read(): string {
    const texts = [...new Set([this.key, this.#guest])].map(
      (key) => drafts.get(key) ?? attempt(() => sessionStorage.getItem(key)),
    );
    const text = texts.filter(Boolean).join('\n');
    write(this.#guest, '');
    this.write(text);
    return text;
  }

  write(text: string): void {
    write(this.key, text);
  }
}

/** Forgets the drafts of this person, and of guests, in every room of the server. */
export function forgetDrafts(server: string, author: string | undefined): void {
  const keys = [...drafts.keys(), ...(attempt(() => Object.keys(sessionStorage)) ?? [])];
  for (const key of keys) {
    const mine = !key.includes(' ') || key.endsWith(` ${author}`);
    if (mine && key.startsWith(`${PREFIX}${server}:`)) write(key, '');
  }
}
