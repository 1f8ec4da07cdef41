/** Returns a number in [0, 1), for jitter. */
export type Random = () => number;

/** Returns a unique id of letters, digits, `-` and `_`. */
export type CreateId = () => string;
