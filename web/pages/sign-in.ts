import type { Config } from '../../src/domain/schema.generated.ts';
import type { Message } from '../auth/messages.ts';
import { serverOf } from '../client/server.ts';
import { agreed } from './agreed.ts';
import { type Asker, findAsker } from './asker.ts';
import { authorize } from './authorization.ts';
import { consent, showAgreed } from './consent.ts';
import { keep } from './pending.ts';
import { say } from './say.ts';
import { server } from './server.ts';
import { isAllowed, unlisted } from './trust.ts';
import { words } from './words.ts';

/**
 * Begins a sign-in: finds the page that asks for it, asks the person for consent if needed, and goes to the issuer. If
 * no page asks, lists what the person has consented to.
 */
async function begin(): Promise<void> {
  const { hash, pathname } = location;
  history.replaceState(null, '', pathname);
  // The headers of this page forbid framing too, but some hosts do not send them.
  if (window.top !== window) throw new Error(words.framed);
  const asker = await findAsker(hash);
  if (asker) await goToIssuer(asker);
  else showAgreed();
}

async function goToIssuer(asker: Asker): Promise<void> {
  const { href } = location;
  const config = await fetchConfig();
  const { allowedOrigins: origins = [], returnPages = [] } = config;
  if (!isAllowed(asker, href, { origins, returnPages })) throw new Error(words.notAllowed);
  const whom = unlisted(asker, href, { origins, returnPages, agreed: agreed() });
  if (whom) await consent(whom);
  const { url, state, nonce } = await authorize(config, asker.challenge, new URL('callback.html', href).href);
  keep({ ...asker, state, nonce });
  if (asker.origin) window.opener?.postMessage({ type: 'shout-box:leaving' } satisfies Message, asker.origin);
  location.replace(url);
}

async function fetchConfig(): Promise<Config> {
  const response = await fetch(`${serverOf(server)}/config`, { signal: AbortSignal.timeout(15_000) });
  if (!response.ok) throw new Error(`${server} answered ${response.status}.`);
  return (await response.json()) as Config;
}

say(words.signingIn);
begin().catch(({ message }: Error) => say(words.failed, message, words.close));
