/**
 * Answers a call. It may forward the call, change or delay the call or its answer, answer without forwarding, or throw.
 */
export type Intervention<C, R> = (call: C, forward: (call: C) => Promise<R>) => Promise<R>;

/** The interventions in front of a simulated service. */
export class Interventions<C, R> {
  readonly #active = new Set<Intervention<C, R>>();

  /** Adds an intervention. The last one added sees the call first. @returns a function that removes it */
  add(intervention: Intervention<C, R>): () => void {
    this.#active.add(intervention);
    return () => this.#active.delete(intervention);
  }

  run(call: C, forward: (call: C) => Promise<R>): Promise<R> {
    let answer = forward;
    for (const intervention of this.#active) {
      const inner = answer;
      answer = (next) => intervention(next, inner);
    }
    return answer(call);
  }
}
