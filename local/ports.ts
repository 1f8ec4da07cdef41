import { type AddressInfo, createServer } from 'node:net';

/**
 * @param patienceMs how long a port may still be in use
 * @throws Error in one sentence, where someone listens on one of the ports already, on either loopback address:
 * `localhost` means both, and a browser might reach the other one.
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
    // Anything else than EADDRINUSE (a machine without IPv6, say) is for the real server to meet.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
