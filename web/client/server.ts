/** The base URL of a server, to which paths are added: a slash at the end of its address means nothing. */
export const serverOf = (address: string): string => address.replace(/\/+$/, '');
