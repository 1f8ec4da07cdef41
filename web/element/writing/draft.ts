import { attempt } from '../../client/attempt.ts';

/** Drafts by storage key. They are also in `sessionStorage`. If that cannot be used, they are lost with the page. */
const drafts: Record<string, string> = {};

function write(key: string, text: string): void {
  drafts[key] = text;
  attempt(() => (text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key)));
}

const read = (key: string) => drafts[key] ?? attempt(() => sessionStorage.getItem(key));

/** Keeps the text that somebody types in a room, across a reload and across a sign-in that leaves the page. */
export class Draft {
  readonly key: string;
  readonly #guest: string;

  /**
   * @param place server and room, joined by a colon
   * @param author issuer and subject, separated by a space, as `personOf` returns them; undefined for a guest
   */
  constructor(place: string, author: string | undefined) {
    this.#guest = `shout-box:draft:${place}`;
    this.key = `${this.#guest} ${author ?? ''}`.trim();
  }

  /**
   * Returns the draft. Text that was typed as a guest is moved to the end of the draft, so that the person can go on
   * with that text after a sign-in.
   */
  read(): string {
    const typed = read(this.#guest);
    write(this.#guest, '');
    const text = [read(this.key), typed].filter(Boolean).join('\n');
    this.write(text);
    return text;
  }

  write(text: string): void {
    write(this.key, text);
  }
}

/** Forgets the drafts of this person, and of guests, in every room of the server. */
export function forgetDrafts(server: string, author: string | undefined): void {
  for (const key in { ...drafts, ...attempt(() => sessionStorage) }) {
    const [place, ...rest] = key.split(' ');
    // The room is what follows the last colon, because a server may end with a port.
    if (place!.replace(/:[^:]*$/, '') === `shout-box:draft:${server}` && (!rest[0] || rest.join(' ') === author))
      write(key, '');
  }
}
