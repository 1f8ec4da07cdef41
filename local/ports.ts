import { type AddressInfo, createServer } from 'node:net';

/**
 * Checks both loopback addresses: `localhost` means either, and a browser may choose the other one.
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

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
