/** Kinds of violations. Most have the names that Jepsen uses. */
export type Anomaly =
  | 'lost-write'
  | 'duplicate'
  | 'skip'
  | 'non-monotonic'
  | 'inconsistent-seq'
  | 'aborted-read'
  | 'banned-read'
  | 'overrun'
  | 'divergence';

/** The guarantees of docs/guarantees.md. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11';

export interface Violation {
  anomaly: Anomaly;
  detail: string;
  /** When a client saw the anomaly, ms since 1970. Absent if no such moment is known, as for an anomaly in the log. */
  at?: number;
}

export interface Verdict {
  checked: number;
  violations: Violation[];
}

type Found = Omit<Violation, 'at'> & { at?: number | undefined };

/** @param checked number of items checked; a function if the number is known only after `find` has run */
export function verdict(checked: number | (() => number), find: () => Iterable<Found>): Verdict {
  const violations = [...find()].map(({ at, ...violation }) => (at === undefined ? violation : { ...violation, at }));
  return { checked: typeof checked === 'number' ? checked : checked(), violations };
}
