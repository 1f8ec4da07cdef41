import { addressed, answer, relay } from './answer.ts';
import { readState } from './state.ts';
import { agree, isTrusted } from './trust.ts';

/** A page opened under a waiting finger must not be agreed to by it. */
const SETTLE_MS = 700;

/** The page an issuer sends people back to: gives the answer to the page that asked, where that page may have it. */
async function callBack(): Promise<void> {
  const params = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname);
  const address = readState(params.get('state'));
  if (!address || window.top !== window) {
    say('Nothing to do here', 'This page only finishes a sign-in. You can close it.');
    return;
  }
  const { way, page } = address;
  if (!(await isTrusted(page.origin, location.origin, listedOrigins))) await ask(page);
  if (way === 'popup') {
    const opener: Window | null = window.opener;
    opener?.postMessage(answer(params), page.origin);
    if (opener || (page.origin === location.origin && (await relay(params)))) {
      say('Done', 'You can close this window.');
      window.close();
      return;
    }
  }
  location.replace(addressed(page, params));
}

/** The origins the operator lets embed the widget, put beside this page at deployment. */
async function listedOrigins(): Promise<unknown> {
  const response = await fetch('origins.json');
  return response.json();
}

/** Resolves when the person agrees. */
function ask(page: URL): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  say(`Sign in on ${page.host}?`, 'This site will be able to read and write in the shoutbox as you.');
  const button = document.createElement('button');
  button.textContent = 'Continue';
  button.disabled = true;
  setTimeout(() => {
    button.disabled = false;
    button.focus();
  }, SETTLE_MS);
  button.addEventListener('click', () => {
    agree(page.origin);
    resolve();
  });
  document.querySelector('main')?.append(button);
  return promise;
}

function say(heading: string, text: string): void {
  const title = document.createElement('h1');
  title.textContent = document.title = heading;
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  document.querySelector('main')?.replaceChildren(title, paragraph);
}

void callBack();
