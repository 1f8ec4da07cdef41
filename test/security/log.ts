import { expect, vi } from 'vitest';

/** Minimum length of a secret to search for. A shorter one may occur by chance. */
const TELLING_LENGTH = 8;

/** Captures the back end's output, and searches it for secrets. */
export class CapturedLog {
  readonly #secrets = new Set<string>();
  #printed = '';

  constructor() {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => this.#print(String(text)));
    }
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...words) => void this.#print(`${words.join(' ')}\n`));
    }
  }

  /** Adds a secret that must not be printed: a token, or a message's text. Ignores a secret that is too short. */
  keepOut(secret: unknown): void {
    if (typeof secret === 'string' && secret.length >= TELLING_LENGTH) this.#secrets.add(secret);
  }

  entries(): Record<string, unknown>[] {
    return this.#lines().map((line) => JSON.parse(line));
  }

  /**
   * Expects that each printed line is one JSON object (ASVS 5 16.2.4, 16.4.1) with a log entry or metrics, and that no
   * line contains a secret given to {@link keepOut} (16.2.5). Fails if there is no line or no secret to check.
   */
  expectClean(): void {
    expect(this.#lines().length).toBeGreaterThan(0);
    expect(this.#secrets.size).toBeGreaterThan(0);
    expect(this.#printed).not.toMatch(/[\r\u2028\u2029]/);
    for (const entry of this.entries()) expect('event' in entry || '_aws' in entry).toBe(true);
    for (const secret of this.#secrets) {
      expect(this.#printed).not.toContain(secret);
      expect(this.#printed).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  }

  #print(text: string): true {
    this.#printed += text;
    return true;
  }

  #lines(): string[] {
    return this.#printed.split('\n').filter(Boolean);
  }
}
