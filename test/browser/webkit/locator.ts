import { input } from './input.ts';
import { type Found, NotYet, type Scope } from './scope.ts';
import { type ByRole, selectors } from './selectors.ts';

interface Patience {
  timeout?: number;
  /** Skips the checks that the element is enabled, has stopped moving and is not covered. */
  force?: boolean;
}

type State = 'attached' | 'detached' | 'visible' | 'hidden';
type InPage<E, A, R> = (element: E, argument: A) => R | Promise<R>;

/**
 * The part of Playwright's `Locator` that the tests use. Each action waits until an element matches, and throws if
 * several elements match.
 */
export class WebKitLocator {
  readonly #scope: Scope;
  readonly #selector: string;

  constructor(scope: Scope, selector: string) {
    this.#scope = scope;
    this.#selector = selector;
  }

  toString(): string {
    return this.#selector;
  }

  locator = (selector: string): WebKitLocator => this.#more(selector);
  getByRole = (role: string, options?: ByRole): WebKitLocator => this.#more(selectors.role(role, options));
  getByText = (text: string | RegExp, { exact = false } = {}): WebKitLocator => this.#more(selectors.text(text, exact));
  filter = ({ hasText }: { hasText: string | RegExp }): WebKitLocator => this.#more(selectors.hasText(hasText));
  and = (other: WebKitLocator): WebKitLocator => this.#more(selectors.and(String(other)));
  or = (other: WebKitLocator): WebKitLocator => this.#more(selectors.or(String(other)));
  nth = (index: number): WebKitLocator => this.#more(selectors.nth(index));
  first = (): WebKitLocator => this.nth(0);
  last = (): WebKitLocator => this.nth(-1);

  count = (): Promise<number> => this.evaluateAll((elements) => elements.length);
  allInnerTexts = (): Promise<string[]> =>
    this.evaluateAll((all) => all.map((each) => (each as HTMLElement).innerText));
  allTextContents = (): Promise<(string | null)[]> =>
    this.evaluateAll((all) => all.map(({ textContent }) => textContent));
  all = async (): Promise<WebKitLocator[]> => Array.from({ length: await this.count() }, (_, index) => this.nth(index));
  isVisible = (): Promise<boolean> =>
    this.#all<string, boolean>(
      (found, elements) => elements.length > 0 && found.elementState(elements[0]!, 'visible', true).matches,
    );
  evaluateAll = <R, A = undefined>(script: InPage<Element[], A, R>, argument?: A): Promise<R> =>
    this.#scope.evaluate(
      `async (found, { selector, argument }) =>
        (${script})(found.querySelectorAll(found.parseSelector(selector), document), argument)`,
      { selector: this.#selector, argument },
    );

  textContent = (): Promise<string | null> => this.evaluate((element) => element.textContent);
  innerText = (): Promise<string> => this.evaluate((element) => (element as HTMLElement).innerText);
  inputValue = (): Promise<string> => this.evaluate((element) => (element as HTMLInputElement).value);
  isChecked = (): Promise<boolean> => this.evaluate((element) => (element as HTMLInputElement).checked);
  getAttribute = (name: string): Promise<string | null> =>
    this.evaluate((element, wanted) => element.getAttribute(wanted), name);
  boundingBox = (): Promise<{ x: number; y: number; width: number; height: number } | null> =>
    this.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });

  evaluate<R, A = undefined>(script: InPage<Element, A, R>, argument?: A): Promise<R> {
    return this.#one(`(found, element, argument) => (${script})(element, argument)`, [], argument);
  }

  async waitFor({ state = 'visible', timeout }: { state?: State; timeout?: number } = {}): Promise<void> {
    if (state === 'visible' || state === 'attached') {
      await this.#one('() => null', state === 'visible' ? ['visible'] : [], undefined, timeout);
      return;
    }
    const look = async () => {
      const gone = await this.#all<State, boolean>(
        (found, [element], wanted) =>
          !element || (wanted === 'hidden' && !found.elementState(element, 'visible', true).matches),
        state,
      );
      if (!gone) throw new NotYet('it is there');
    };
    await this.#scope.until(look, `waiting for ${this.#selector} to be ${state}`, timeout);
  }

  focus = (): Promise<void> => this.#one('(found, element) => void found.focusNode(element)');
  async fill(text: string): Promise<void> {
    // In a frame, clicks first, because a script can't give the focus to a frame of another origin.
    if (this.#scope.isFrame) await this.click();
    await this.#one(
      `(found, element, text) => {
        if (found.fill(element, text) !== 'needsinput') return;
        // Inserting an empty text would not remove the selected text.
        document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
      }`,
      ['visible', 'enabled', 'editable'],
      text,
    );
  }

  selectOption = (label: string): Promise<void> =>
    this.#one(
      `(found, element, label) => {
        const chosen = found.selectOptions(element, [{ valueOrLabel: label }]);
        if (typeof chosen === 'string') throw new Error(chosen);
      }`,
      ['visible', 'enabled'],
      label,
    );

  async press(chord: string): Promise<void> {
    await this.focus();
    await this.#scope.enter(() => input.press(this.#scope.driver, chord));
  }

  async pressSequentially(text: string): Promise<void> {
    await this.focus();
    await this.#scope.enter(() => input.type(this.#scope.driver, text));
  }

  hover = (options: Patience = {}): Promise<void> => this.#point(0, options);
  click = (options: Patience = {}): Promise<void> => this.#point(1, options);
  dblclick = (options: Patience = {}): Promise<void> => this.#point(2, options);

  async check(options: Patience = {}): Promise<void> {
    if (!(await this.isChecked())) await this.click(options);
    if (!(await this.isChecked())) throw new Error(`${this.#selector} is not checked after a click.`);
  }

  #more(selector: string): WebKitLocator {
    return new WebKitLocator(this.#scope, this.#selector === '' ? selector : `${this.#selector} >> ${selector}`);
  }

  #all<A, R>(script: (found: Found, elements: Element[], argument: A) => R, argument?: A): Promise<R> {
    return this.#scope.evaluate(
      `(found, { selector, argument }) =>
        (${script})(found, found.querySelectorAll(found.parseSelector(selector), document), argument)`,
      { selector: this.#selector, argument },
    );
  }

  /** Runs `script` with the element, once it exists and is in these states. */
  #one<R>(script: string, states: readonly string[] = [], argument?: unknown, timeout?: number): Promise<R> {
    const wanted = { selector: this.#selector, states, argument };
    const run = async () => {
      const { missing, value } = await this.#scope.evaluate<{ missing?: string; value: R }>(
        `async (found, wanted) => { ${FIND} return { value: await (${script})(found, element, wanted.argument) }; }`,
        wanted,
      );
      if (missing) throw new NotYet(missing);
      return value;
    };
    return this.#scope.until(run, `waiting for ${this.#selector}`, timeout);
  }

  /** Moves the pointer to the middle of the element and clicks `clicks` times. */
  async #point(clicks: number, { force = false, timeout }: Patience): Promise<void> {
    const states = force ? ['visible'] : clicks > 0 ? ['visible', 'enabled', 'stable'] : ['visible', 'stable'];
    const act = async () => {
      const wanted = { selector: this.#selector, states, force };
      const { missing } = await this.#scope.value<{ missing?: string }>(
        `async (found, wanted) => { ${FIND} ${REACH} return {}; }`,
        wanted,
      );
      if (missing) throw new NotYet(missing);
      const element = await this.#scope.element(
        '(found, wanted) => found.querySelectorAll(found.parseSelector(wanted.selector), document)[0] ?? null',
        wanted,
      );
      if (!element) throw new NotYet('it is gone');
      const { driver } = this.#scope;
      await (clicks === 0 ? input.move(driver, element) : input.click(driver, element, { times: clicks }));
    };
    await this.#scope.until(() => this.#scope.enter(act), `waiting to reach ${this.#selector}`, timeout);
  }
}

const FIND = `
  const parsed = found.parseSelector(wanted.selector);
  const elements = found.querySelectorAll(parsed, document);
  if (elements.length > 1) throw found.strictModeViolationError(parsed, elements);
  const [element] = elements;
  if (!element) return { missing: 'it is not there' };
  const unfit = wanted.states.length > 0 && await found.checkElementStates(element, wanted.states, true);
  if (unfit) return { missing: 'it is not ' + (unfit.missingState ?? 'connected') };`;

const REACH = `
  element.scrollIntoViewIfNeeded(false);
  const { x, y, width, height } = element.getBoundingClientRect();
  const hit = wanted.force || found.expectHitTarget({ x: x + width / 2, y: y + height / 2 }, element);
  if (hit !== true && hit !== 'done') return { missing: hit.hitTargetDescription + ' is in front of it' };`;
