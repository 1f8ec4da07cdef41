/** Address of these pages' server; set when they are built or served. */
export const server: string = import.meta.env.SHOUT_SERVER;
