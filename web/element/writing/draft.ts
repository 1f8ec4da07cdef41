/** Keeps what someone has typed over a reload, and over a sign-in that leaves the page. */
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

/** Storage throws where it is blocked or full, as in a sandboxed iframe; then a draft lives as long as its page. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
