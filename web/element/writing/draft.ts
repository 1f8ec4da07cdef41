import { attempt } from '../../client/attempt.ts';

/** Keeps the typed text over a reload, and over a sign-in that leaves the page. */
export class Draft {
  readonly place: string;
  readonly #key: string;

  constructor(place: string) {
    this.place = place;
    this.#key = `shout-box:draft:${place}`;
  }

  read(): string {
    return attempt(() => sessionStorage.getItem(this.#key)) ?? '';
  }

  write(text: string): void {
    attempt(() => (text ? sessionStorage.setItem(this.#key, text) : sessionStorage.removeItem(this.#key)));
  }
}
