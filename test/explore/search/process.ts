import { setImmediate } from 'node:timers/promises';
import { DataInterner, Interner, keyOf } from './interner.ts';
import type { Broken } from './search.ts';

/** Takes the place of the real ports: each request of the code waits until the search chooses an answer. */
export interface Outside {
  ask(request: Request): Promise<unknown>;
  /** Like `setTimeout`, but the search chooses when `run` is called. @returns a function that clears the timer */
  after(request: Request, run: () => void): () => void;
  /** Records what the real code reports to its listeners in this step, for the invariants. */
  tell(effect: unknown): void;
}

/** One call of a port, as plain data. */
export interface Request {
  port: string;
  [detail: string]: unknown;
}

/** What a port returns or throws. */
export type Answer = { value: unknown } | { error: unknown; name: string };

export interface Running {
  /** Gives the process a message that it did not ask for. */
  take?(message: never): void;
  /** Returns the complete state as plain data. Without this method, all inputs so far count as the state. */
  state?(): unknown;
  /** Returns the values that the invariants check. */
  view?(): unknown;
  /** Settles when the process has ended. Absent if it never ends. */
  ended?: Promise<unknown>;
}

/** Starts the real code. It is called many times with the same arguments, and must behave the same each time. */
export type Program = (outside: Outside, ...args: never[]) => Running;

/** A process between two steps: it waits for an answer to one of `asked` or for a message, or has ended. */
export interface Node {
  readonly program: number;
  /** The program's arguments. */
  readonly args: readonly unknown[];
  /** One sequence of inputs that leads here. */
  readonly inputs: readonly Input[];
  /** Ids of the unanswered requests, in the order in which they were made. */
  readonly asked: readonly number[];
  readonly ended: Answer | undefined;
  readonly view: unknown;
  readonly edges: Map<number, Edge>;
}

export interface Edge {
  to: number;
  /** The violation that this step causes, if any. */
  broken: Broken | undefined;
}

/** An answer to a request, or a message. */
export interface Input {
  /** Position in `asked` of the request that is answered; {@link MESSAGE} for a message. */
  place: number;
  /** Id of an answer, or of a message. */
  given: number;
}

export const MESSAGE = 511;

/** Maximum number of paused runs in `#waiting`, to bound memory. */
const MAX_WAITING = 10_000;

/** A step that has not been run yet. */
export interface Miss {
  node: number;
  place: number;
  given: number;
}

/**
 * Runs processes step by step and remembers the result of every step, because the search needs the same step many
 * times. Two processes of one program with the same arguments are one {@link Node} if they have the same unanswered
 * requests, the same {@link Running.state}, and have ended in the same way or not at all.
 */
export class Processes {
  readonly requests = new DataInterner<Request>();
  readonly answers = new Interner<Answer>();
  readonly messages = new DataInterner<unknown>();
  /** Checks each step once, when {@link learn} runs it. */
  judge: (before: Node, effects: readonly unknown[], after: Node) => Broken | undefined = () => undefined;
  /** Id of the failure that a process gets if its request is refused or fails, or if the answer is lost. */
  readonly timeout = this.failure(Object.assign(new Error('timeout'), { name: 'TimeoutError' }), 'timeout');
  readonly #nodes = new Interner<Node>();
  readonly #programs = new Interner<{ run: () => Running; args: readonly unknown[] }>();
  readonly #starts = new Map<string, number>();
  #live: Live | undefined;
  /** Paused runs of the real code, by the node that they have reached. The next step of such a run needs no replay. */
  readonly #waiting = new Map<number, Live>();

  constructor() {
    // Node 0 stands for no process.
    this.#nodes.id('', () => ({
      program: -1,
      args: [],
      inputs: [],
      asked: [],
      ended: undefined,
      view: undefined,
      edges: new Map(),
    }));
  }

  node(id: number): Node {
    return this.#nodes.at(id);
  }

  get size(): number {
    return this.#nodes.size;
  }

  value(value: unknown): number {
    return this.answers.id(keyOf(value), () => ({ value }));
  }

  failure(error: unknown, name: string): number {
    return this.answers.id(`! ${name}`, () => ({ error, name }));
  }

  /** Returns the node of a process that has just started; undefined until {@link learnStart} has run the program. */
  start(name: string, args: readonly unknown[]): number | undefined {
    return this.#starts.get(`${name} ${keyOf(args)}`);
  }

  async learnStart(name: string, program: Program, args: readonly unknown[]): Promise<number> {
    const key = `${name} ${keyOf(args)}`;
    const id = this.#programs.id(key, () => ({ run: () => program(this.#live!, ...(args as never[])), args }));
    const live = await this.#replay(id, []);
    const node = this.#rest(id, [], live);
    this.#starts.set(key, node);
    return node;
  }

  /** Returns the step that a process takes with an input; undefined until {@link learn} has run this step. */
  step(node: number, place: number, given: number): Edge | undefined {
    return this.#nodes.at(node).edges.get(given * 512 + place);
  }

  async learn({ node, place, given }: Miss): Promise<void> {
    const before = this.#nodes.at(node);
    const live = this.#waiting.get(node) ?? (await this.#replay(before.program, before.inputs));
    this.#waiting.delete(node);
    live.effects = [];
    this.#input(live, { place, given });
    await setImmediate();
    const to = this.#rest(before.program, [...before.inputs, { place, given }], live);
    const broken = this.judge(before, live.effects, this.#nodes.at(to));
    before.edges.set(given * 512 + place, { to, broken });
    if (this.#waiting.size === MAX_WAITING) this.#waiting.clear();
    if (!live.ended) this.#waiting.set(to, live);
  }

  /** Takes a step, and learns it first if needed. @returns the next node */
  async follow(node: number, place: number, given: number): Promise<number> {
    if (!this.step(node, place, given)) await this.learn({ node, place, given });
    return this.step(node, place, given)!.to;
  }

  async #replay(program: number, inputs: readonly Input[]): Promise<Live> {
    const live = new Live();
    this.#live = live;
    live.run(this.#programs.at(program).run());
    // Lets the program run until it waits. All promise reactions run before the next turn of the event loop.
    await setImmediate();
    for (const input of inputs) {
      this.#input(live, input);
      await setImmediate();
    }
    return live;
  }

  #input(live: Live, { place, given }: Input): void {
    if (place === MESSAGE) live.running!.take!(structuredClone(this.messages.at(given)) as never);
    else live.answer(place, this.answers.at(given));
  }

  #rest(program: number, inputs: readonly Input[], live: Live): number {
    const asked = live.asked.map(({ request }) => this.requests.of(request));
    const state = live.running?.state?.() ?? inputs;
    const ended = live.ended && ('error' in live.ended ? live.ended.name : live.ended.value);
    const key = keyOf([program, asked, ended === undefined ? 0 : [ended], state]);
    return this.#nodes.id(key, () => {
      const view = live.running?.view?.();
      const { args } = this.#programs.at(program);
      return { program, args, inputs, asked, ended: live.ended, view, edges: new Map() };
    });
  }
}

/** One run of a program. */
class Live implements Outside {
  asked: { request: Request; settle: (answer: Answer) => void }[] = [];
  effects: unknown[] = [];
  ended: Answer | undefined;
  running: Running | undefined;

  run(running: Running): void {
    this.running = running;
    running.ended?.then(
      (value) => {
        this.ended = { value };
      },
      (error) => {
        this.ended = { error, name: `${error.code ?? error.name}: ${error.message}` };
      },
    );
  }

  ask(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        request,
        settle: (answer) => ('error' in answer ? reject(answer.error) : resolve(answer.value)),
      });
    });
  }

  after(request: Request, run: () => void): () => void {
    const entry = { request, settle: run };
    this.asked.push(entry);
    return () => {
      this.asked = this.asked.filter((other) => other !== entry);
    };
  }

  tell(effect: unknown): void {
    this.effects.push(effect);
  }

  answer(place: number, answer: Answer): void {
    this.asked.splice(place, 1)[0]!.settle(answer);
  }
}
