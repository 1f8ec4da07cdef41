import { createServer } from 'node:net';

/**
 * Checks both loopback addresses, because `localhost` means either, and a browser may choose the other one.
 *
 * @param patienceMs how long a port may still be in use
 * @throws Error in one sentence if a port is in use
 */
export async function ensurePortsAreFree(ports: Readonly<Record<string, number>>, patienceMs = 0): Promise<void> {
  const deadline = performance.now() + patienceMs;
  await Promise.all(
    Object.entries(ports).map(async ([name, port]) => {
      const variable = `SHOUT_${name.toUpperCase()}_PORT`;
      for (const host of ['127.0.0.1', '::1']) {
        while (await isTaken(port, host)) {
          if (performance.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            continue;
          }
          throw new Error(`Port ${port} is taken: stop what listens there, or set ${variable} to a free one.`);
        }
      }
    }),
  );
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    // Other errors than EADDRINUSE (such as a machine without IPv6) are left to the real server.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/** Ports below those that the system gives to port 0 and to outgoing connections (32768 and up on Linux). */
const FIRST_PORT = 11_000;
const PORTS = 20_000;
/** Ports that belong to one process, so that two processes which look at the same time find different ones. */
const PORTS_A_PROCESS = 64;
let found = 0;

/**
 * Finds a port that is free now. Nothing takes it before the caller listens there, unless it asks for this very port.
 *
 * @param reserved ports that nobody listens on yet, but somebody will
 */
export async function freePort(reserved: readonly number[] = []): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + ((process.pid * PORTS_A_PROCESS + (found++ % PORTS_A_PROCESS)) % PORTS);
    if (reserved.includes(port)) continue;
    if (!(await isTaken(port, '127.0.0.1')) && !(await isTaken(port, '::1'))) return port;
  }
}
