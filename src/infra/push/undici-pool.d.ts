/** The pool alone: the package's entry point loads everything it has, ten times as much. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
