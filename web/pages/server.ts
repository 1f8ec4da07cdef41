/** Base URL of the HTTP API that these pages use. Set when the pages are built or served. */
export const server: string = import.meta.env.SHOUT_SERVER;
