import type { Actor } from '../../../src/domain/schema.generated.ts';

const SHORTEST = 4;

/**
 * Distinguishes people whose names look the same. Each gets a tag, the beginning of their id, and keeps it until the room
 * is left.
 */
export class Lookalikes {
  #known = new WeakSet<Actor>();
  /** Ids of people, by the skeletons of their names. */
  #ids = new Map<string, Set<string>>();
  #tags = new Map<string, string>();

  reset(): void {
    this.#known = new WeakSet();
    this.#ids = new Map();
    this.#tags = new Map();
  }

  /** Adds a person whose name is visible. */
  see(actor: Actor): void {
    if (this.#known.has(actor)) return;
    this.#known.add(actor);
    // Older events have no skeleton, so only equal names count as alike.
    const look = actor.skeleton ?? actor.name;
    const ids = this.#ids.get(look) ?? new Set();
    this.#ids.set(look, ids.add(actor.id));
    if (ids.size > 1) this.#tag([...ids]);
  }

  /** @returns a short id, if somebody else's name looks the same */
  tagOf(actorId: string): string | undefined {
    return this.#tags.get(actorId);
  }

  /** As many characters as the ids need to differ, because an id with the same beginning can be found by trying. */
  #tag(ids: readonly string[]): void {
    for (const id of ids) {
      const shared = ids.map((other) => (other === id ? 0 : commonLength(id, other)));
      const tag = id.slice(0, Math.max(SHORTEST, ...shared.map((length) => length + 1)));
      if (tag.length > (this.#tags.get(id)?.length ?? 0)) this.#tags.set(id, tag);
    }
  }
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
