/** Base URL of the server of these pages. Set when the pages are built or served. */
export const server: string = import.meta.env.SHOUT_SERVER;
