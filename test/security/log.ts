import { expect, vi } from 'vitest';

/** Shorter strings turn up anywhere by chance. */
const TELLING_LENGTH = 8;

/** Everything the back end prints from here on, and what must never be in it. */
export class CapturedLog {
  readonly #lines: string[] = [];
  readonly #secrets = new Set<string>();

  constructor() {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...words) => this.#lines.push(words.join(' ')));
    }
  }

  /** A token, or a message's text. */
  keepOut(secret: unknown): void {
    if (typeof secret === 'string' && secret.length >= TELLING_LENGTH) this.#secrets.add(secret);
  }

  entries(): Record<string, unknown>[] {
    return this.#lines.map((line) => JSON.parse(line));
  }

  /** One JSON object a line (ASVS 5 16.2.4, 16.4.1), never a token and never a message's text (16.2.5). */
  expectClean(): void {
    expect(this.#lines.length).toBeGreaterThan(0);
    expect(this.#secrets.size).toBeGreaterThan(0);
    for (const line of this.#lines) {
      expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
      expect(JSON.parse(line)).toSatisfy((entry: object) => 'event' in entry || '_aws' in entry);
    }
    const everything = this.#lines.join('\n');
    for (const secret of this.#secrets) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  }
}
