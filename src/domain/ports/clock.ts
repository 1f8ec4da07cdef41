/** Milliseconds since 1970-01-01T00:00Z. Passed in, so that tests own the time. */
export type Clock = () => number;
