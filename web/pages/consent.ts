import { agree, agreed, withdraw } from './agreed.ts';
import { ConsentGate } from './consent-gate.ts';
import { element, say } from './say.ts';
import { words } from './words.ts';

/**
 * Asks the person whether `whom` may sign them in. Resolves when they agree.
 * @param whom an origin, or the address of a page
 */
export function consent(whom: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const gate = new ConsentGate(() => performance.now());
  const listening = new AbortController();
  const { signal } = listening;
  const note = element('p');
  note.role = 'status';
  const go = element('button', words.continue);
  const cancel = element('button', words.cancel);
  cancel.className = 'quiet';
  const who = element('p');
  who.className = 'who';
  who.append(address(whom));
  const isOrigin = whom === URL.parse(whom)?.origin;
  say(words.ask, who, isOrigin ? words.may : words.mayGoTo, go, cancel, note, words.withdrawable);

  const settle = (): void => {
    go.ariaDisabled = 'true';
    setTimeout(() => {
      if (gate.open) go.ariaDisabled = null;
    }, 1_050);
  };
  const look = (): void => {
    if (document.visibilityState !== 'visible') return;
    gate.shown();
    settle();
  };
  const pressed = (event: KeyboardEvent | PointerEvent): void => {
    if ('key' in event) gate.keydown(event);
    else gate.pointerdown(event);
    settle();
  };
  document.addEventListener('visibilitychange', look, { signal });
  window.addEventListener('focus', look, { signal });
  document.addEventListener('keydown', pressed, { capture: true, signal });
  document.addEventListener('pointerdown', pressed, { capture: true, signal });
  document.addEventListener('pointermove', (event) => gate.pointermove(event), { capture: true, signal });
  go.addEventListener('click', (event) => {
    if (!gate.click(event as PointerEvent)) {
      note.textContent = words.again;
      settle();
      return;
    }
    listening.abort();
    agree(whom);
    say(words.signingIn);
    resolve();
  });
  cancel.addEventListener('click', () => {
    window.close();
    // A script cannot close a tab that no script opened. Such a tab goes back to the page before this one.
    history.back();
  });
  look();
  return promise;
}

/** Lists the person's consents, each with a button that withdraws it. */
export function showAgreed(): void {
  const list = agreed();
  const items = element('ul');
  for (const whom of list) {
    const item = element('li');
    const button = element('button', words.withdraw);
    button.className = 'quiet';
    button.ariaLabel = `${words.withdraw}: ${whom}`;
    button.addEventListener('click', () => {
      withdraw(whom);
      showAgreed();
    });
    item.append(address(whom), button);
    items.append(item);
  }
  if (list.length > 0) say(words.agreedTo, items);
  else say(words.nothing, words.agreedToNobody);
}

/**
 * Creates an element for an address, which reads from left to right in every language. It is a `bdi`, because a `bdi`
 * does not change the alignment of its line: in Arabic the address stays at the right edge, like other lines.
 */
function address(whom: string): HTMLElement {
  const made = element('bdi', whom);
  made.dir = 'ltr';
  return made;
}
