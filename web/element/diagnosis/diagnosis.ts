import { type Configuration, diagnose, type Surroundings } from './diagnose.ts';
import { diagnoseIssuer, type SignIn } from './issuer.ts';

export { noRoom } from './diagnose.ts';

/** Finds what is wrong with the configuration of a box on this page. */
export function diagnoseInPage({ server, room }: Pick<Configuration, 'server' | 'room'>): Promise<string | undefined> {
  return inPage((page) => diagnose({ server, room, ...page }));
}

/** Finds why a sign-in on this page failed at the issuer. */
export function diagnoseIssuerInPage(signIn: SignIn, error: unknown): Promise<string | undefined> {
  return inPage((page) => diagnoseIssuer(signIn, error, page));
}

/** Runs `find`, and notes which requests the page's Content Security Policy blocks meanwhile. */
async function inPage<T>(find: (page: Surroundings) => Promise<T>): Promise<T> {
  const blocked = new Set<string>();
  const see = ({ blockedURI }: SecurityPolicyViolationEvent) => {
    if (URL.canParse(blockedURI)) blocked.add(new URL(blockedURI).origin);
  };
  document.addEventListener('securitypolicyviolation', see);
  try {
    return await find({
      origin: location.origin,
      fetch: fetch.bind(globalThis),
      blocked: async (origin) => {
        // Waits for the next task, because `securitypolicyviolation` comes in a later task than the request's failure.
        await new Promise((resolve) => setTimeout(resolve));
        return blocked.has(origin);
      },
      connects,
    });
  } finally {
    document.removeEventListener('securitypolicyviolation', see);
  }
}

function connects(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, ['shout-box.v1']);
    } catch {
      return resolve(false);
    }
    socket.onopen = () => {
      resolve(true);
      socket.close();
    };
    socket.onclose = socket.onerror = () => resolve(false);
  });
}
