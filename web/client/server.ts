/** Returns the base URL of a server, without slashes at its end, so that paths can be added. */
export const serverOf = (address: string): string => address.replace(/\/+$/, '');
