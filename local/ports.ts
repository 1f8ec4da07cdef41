import { createServer } from 'node:net';

/**
 * Checks that ports are free on both loopback addresses, 127.0.0.1 and ::1. `localhost` may mean either of them, and a
 * browser may choose another address than the server.
 *
 * @param patienceMs how long to wait for ports that are in use to become free
 * @throws Error with a message of one sentence if a port is still in use after that time
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
    // Only EADDRINUSE means that the port is taken. A machine without IPv6, for example, answers EADDRNOTAVAIL for ::1.
    // Other errors are ignored, because the server that listens on the port later will report them.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/**
 * `freePort` chooses among the `PORTS` ports from `FIRST_PORT` on. All are below the ports that the system chooses for
 * outgoing connections and for servers that ask for port 0 (32768 and up on Linux).
 */
const FIRST_PORT = 11_000;
const PORTS = 20_000;
/**
 * Number of ports that one process tries. The process id decides which ports these are. Two processes that search at
 * the same time therefore rarely try the same port.
 */
const PORTS_A_PROCESS = 64;
let found = 0;

/**
 * Finds a port that is free now. Before the caller listens there, only a process that asks for this very port can take
 * it.
 *
 * @param reserved ports to leave out, because somebody will listen on them soon
 */
export async function freePort(reserved: readonly number[] = []): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + ((process.pid * PORTS_A_PROCESS + (found++ % PORTS_A_PROCESS)) % PORTS);
    if (reserved.includes(port)) continue;
    if (!(await isTaken(port, '127.0.0.1')) && !(await isTaken(port, '::1'))) return port;
  }
}
