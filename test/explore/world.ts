import type { Change } from '../in-memory/dynamodb/engine.ts';
import { EVENTS_TABLE } from '../tables.ts';
import { Database, type Outcome } from './database.ts';
import { BUDGET, CALM, DB, HEADS, type Layout, layoutOf, type ReaderPlaces, WAITING } from './layout.ts';
import { moveCalmly } from './moves/calm.ts';
import { moveFanOuts, moveHiddenFanOut } from './moves/fan-outs.ts';
import { moveHiddenReader, moveReaders } from './moves/readers.ts';
import { moveHiddenWriter, moveWriters } from './moves/writers.ts';
import { programs } from './programs.ts';
import { placeRule, type ReaderView, readerRule, type Told } from './rules.ts';
import { budgetOf, type Happening, left, type Scenario, spend } from './scenario.ts';
import { Interner, keyOf } from './search/interner.ts';
import { MESSAGE, type Node, Processes, type Request } from './search/process.ts';
import type { Broken, World } from './search/search.ts';
import { startOf } from './start.ts';

/**
 * One room under search: the real code of its writers, fan-outs and readers runs here, and the search chooses what
 * happens between the steps of that code.
 */
export class Room implements World {
  readonly scenario: Scenario;
  readonly layout: Layout;
  readonly programs = programs;
  readonly processes = new Processes();
  readonly database = new Database(this.processes);
  /** The changes that the stream delivers: each inserts one event. */
  readonly records = new Interner<Change>();
  readonly width: number;
  telling = false;
  sentence = '';
  /** The state that is being expanded. Each move changes a copy of it. */
  base: Int32Array = new Int32Array(0);
  readonly #draft: Int32Array;
  readonly #misses: (() => Promise<unknown>)[] = [];
  readonly #mail = new Interner<readonly number[]>();
  readonly #judged = new Map<number, Broken | null>();
  #next: (state: Int32Array) => void = () => {};
  #broken: Broken | undefined;
  #moved = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.layout = layoutOf(scenario);
    this.width = this.layout.width;
    this.#draft = new Int32Array(this.width);
    this.#mail.id('', () => []);
    this.processes.judge = (before, effects, { view }) =>
      before.view && view && 'messages' in (view as object)
        ? placeRule('A reader', before.view as ReaderView, effects as Told[])
        : undefined;
  }

  async start(): Promise<Int32Array> {
    const state = await startOf(this);
    state[BUDGET] = budgetOf(this.scenario.atMost);
    return state;
  }

  expand(state: Int32Array, next: (state: Int32Array) => void): boolean {
    this.base = state;
    this.#next = next;
    this.#misses.length = 0;
    this.#moved = false;
    // Partial-order reduction: a hidden step makes no difference to other processes, whether it comes before or after
    // their steps. So it is taken first, and no other order is tried.
    const hidden = moveHiddenWriter(this) || moveHiddenReader(this) || moveHiddenFanOut(this);
    if (!hidden) {
      moveFanOuts(this);
      moveWriters(this);
      moveReaders(this);
      if (!this.#moved && this.#misses.length === 0) moveCalmly(this);
    }
    return this.#misses.length === 0;
  }

  async learn(): Promise<void> {
    for (const miss of this.#misses.splice(0)) await miss();
  }

  /** Returns a copy of {@link base} to change. Each call overwrites the previous copy, and clears `#broken`. */
  draft(): Int32Array {
    this.#broken = undefined;
    this.#draft.set(this.base);
    return this.#draft;
  }

  /**
   * Emits a next state.
   * @param counts `false` for an optional step, such as a fault or a ping. In a state with only optional steps,
   *   {@link moveCalmly} takes a step, too.
   * @throws Broken if the step or the new state violates an invariant
   */
  emit(draft: Int32Array, say: () => string, counts = true): void {
    if (counts) this.#moved = true;
    if (this.telling) this.sentence = say();
    this.#check(draft);
    if (this.layout.fanOuts.length > 1) this.#sortFanOuts(draft);
    this.#next(draft);
  }

  node(place: number): Node {
    return this.processes.node(this.base[place]!);
  }

  request(node: Node, place = 0): Request | undefined {
    const id = node.asked[place];
    return id === undefined ? undefined : this.processes.requests.at(id);
  }

  /** Answers a request of a process. @returns false if `learn` must first find out what the process then does */
  answer(draft: Int32Array, place: number, asked: number, answer: number): boolean {
    const node = draft[place]!;
    const edge = this.processes.step(node, asked, answer);
    if (!edge) {
      this.#misses.push(() => this.processes.learn({ node, place: asked, given: answer }));
      return false;
    }
    draft[place] = edge.to;
    this.#broken ??= edge.broken;
    return true;
  }

  /** Gives a process a message that it did not ask for. @returns false in the same case as {@link answer} */
  tell(draft: Int32Array, place: number, message: number): boolean {
    return this.answer(draft, place, MESSAGE, message);
  }

  invoke(draft: Int32Array, place: number, name: string, args: readonly unknown[]): boolean {
    const epochs = this.scenario.atMost.lostHead ? [`${place}.${draft[HEADS]}`] : ['1'];
    const all = [...epochs, ...args];
    const node = this.processes.start(name, all);
    if (node === undefined) {
      this.#misses.push(() => this.processes.learnStart(name, programs[name]!, all));
      return false;
    }
    draft[place] = node;
    return true;
  }

  /** Updates the state with what a request did to the database. */
  apply(draft: Int32Array, { db, inserted, broken }: Outcome): void {
    draft[DB] = db;
    this.#broken ??= broken;
    for (const change of inserted) {
      if (change.table === EVENTS_TABLE && change.after?.type !== undefined)
        draft[WAITING]! |= 1 << this.records.id(keyOf(change.after), () => change);
      else if (this.scenario.atMost.lostHead && change.after?.epoch !== undefined) draft[HEADS]!++;
    }
  }

  may(name: Happening): boolean {
    return left(this.base[BUDGET]!, name) > 0;
  }

  spend(draft: Int32Array, name: Happening, times = 1): void {
    draft[BUDGET] = spend(draft[BUDGET]!, name, times);
  }

  break(broken: Broken | undefined): void {
    this.#broken ??= broken;
  }

  /** Returns the frames that are on their way to a reader, as ids of messages. They may arrive in any order. */
  mail(id: number): readonly number[] {
    return this.#mail.at(id);
  }

  mailWith(id: number, message: number): number {
    const all = [...this.mail(id), message].sort((a, b) => a - b);
    return this.#mail.id(all.join(), () => all);
  }

  mailWithout(id: number, index: number): number {
    const all = this.mail(id).toSpliced(index, 1);
    return this.#mail.id(all.join(), () => all);
  }

  view(draft: Int32Array, { replica }: ReaderPlaces): ReaderView {
    return this.processes.node(draft[replica]!).view as ReaderView;
  }

  get calm(): boolean {
    return this.base[CALM]! > 0;
  }

  #check(draft: Int32Array): void {
    if (this.#broken) throw this.#broken;
    for (const reader of this.layout.readers) {
      const { replica } = reader;
      if (draft[DB] === this.base[DB] && draft[replica] === this.base[replica]) continue;
      const pair = draft[DB]! * 2 ** 24 + draft[replica]!;
      let broken = this.#judged.get(pair);
      if (broken === undefined) {
        broken = readerRule(reader.name, this.view(draft, reader), this.database.facts(draft[DB]!)) ?? null;
        this.#judged.set(pair, broken);
      }
      if (broken) throw broken;
    }
  }

  /** Sorts the fan-outs, so that two states with the same fan-outs in a different order become one state. */
  #sortFanOuts(draft: Int32Array): void {
    if (this.scenario.atMost.lostHead) return;
    const { fanOuts } = this.layout;
    for (let i = 1; i < fanOuts.length; i++) {
      for (let j = i; j > 0 && draft[fanOuts[j]!]! > draft[fanOuts[j - 1]!]!; j--) {
        const [a, b] = [fanOuts[j]!, fanOuts[j - 1]!];
        [draft[a], draft[b]] = [draft[b]!, draft[a]!];
      }
    }
  }
}
