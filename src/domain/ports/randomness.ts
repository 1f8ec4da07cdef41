/** A number in [0, 1), for jitter. */
export type Random = () => number;

/** A new id that no other has, of letters, digits, `-` and `_`. */
export type CreateId = () => string;
