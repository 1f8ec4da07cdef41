import type { Actor } from '../../../src/domain/schema.generated.ts';

const SHORTEST = 4;

/**
 * Distinguishes people whose names look the same. Each of them gets a tag, which is the beginning of the person's id.
 * The tag may grow, and it stays until the room is left.
 */
export class Lookalikes {
  readonly #known = new WeakSet<Actor>();
  /** Ids of people by the skeleton of their name. Names that look the same have the same skeleton (UTS 39). */
  readonly #ids = new Map<string, Set<string>>();
  readonly #tags = new Map<string, string>();

  /** Adds a person whose name is shown or announced. */
  see(actor: Actor): void {
    if (this.#known.has(actor)) return;
    this.#known.add(actor);
    // Older events have no skeleton. The author's name then takes its place.
    const look = actor.skeleton ?? actor.name;
    const ids = this.#ids.get(look) ?? new Set();
    this.#ids.set(look, ids.add(actor.id));
    if (ids.size > 1) this.#tag([...ids]);
  }

  /** @returns the person's tag; undefined if nobody else's name looks the same */
  tagOf(actorId: string): string | undefined {
    return this.#tags.get(actorId);
  }

  /**
   * Gives each id a tag that no other of these ids begins with. A fixed length would not do, because somebody could
   * create accounts until one has an id with the same beginning.
   */
  #tag(ids: readonly string[]): void {
    for (const id of ids) {
      let length = this.#tags.get(id)?.length ?? SHORTEST;
      const isShared = (other: string) => other !== id && other.startsWith(id.slice(0, length));
      while (length < id.length && ids.some(isShared)) length++;
      this.#tags.set(id, id.slice(0, length));
    }
  }
}
