import type { PropertyDeclaration, PropertyDeclarations, PropertyValues, ReactiveController } from 'lit';

/**
 * What the script-tag bundle has in the place of `@lit/reactive-element`: the part of it that one element needs, with the
 * same names and the same order of calls, 2 KB smaller. Left out are decorators, converters, inheritance of properties and
 * styles, `shouldUpdate`, controllers that come late or go, and browsers without constructable style sheets. Whoever takes
 * the package's ES modules has Lit's own.
 */
export function css(parts: TemplateStringsArray): { styleSheet: CSSStyleSheet } {
  const styleSheet = new CSSStyleSheet();
  styleSheet.replaceSync(parts.join(''));
  return { styleSheet };
}

type Values = Record<string, unknown>;

export class ReactiveElement extends HTMLElement {
  static readonly properties: PropertyDeclarations = {};
  static readonly styles: ReturnType<typeof css>[] = [];

  renderRoot: ShadowRoot | undefined;
  hasUpdated = false;
  readonly #controllers: ReactiveController[] = [];
  readonly #values: Values = {};
  /** Set before the element was defined: they count more than its attributes and its defaults. */
  readonly #early: Values = {};
  readonly #connected = Promise.withResolvers<void>();
  #changed: PropertyValues = new Map();
  #update: Promise<void> | undefined;

  /** `customElements.define` reads this once, before there is an instance: the moment to make the properties. */
  static get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: the class that is being defined
    const { prototype, properties } = this;
    for (const name of Object.keys(properties)) {
      if (isNative(name)) continue;
      Object.defineProperty(prototype, name, {
        get(this: ReactiveElement) {
          return this.#values[name];
        },
        set(this: ReactiveElement, value: unknown) {
          const before = this.#values[name];
          this.#values[name] = value;
          if (!Object.is(value, before)) this.requestUpdate(name, before);
        },
      });
    }
    return Object.entries(properties)
      .filter(([, { attribute }]) => attribute !== false)
      .map(attributeOf);
  }

  constructor() {
    super();
    for (const name of Object.keys(this.#properties)) {
      if (!Object.hasOwn(this, name)) continue;
      const own = this as unknown as Values;
      this.#early[name] = own[name];
      delete own[name];
    }
    this.requestUpdate();
  }

  get #properties(): PropertyDeclarations {
    return (this.constructor as typeof ReactiveElement).properties;
  }

  addController(controller: ReactiveController): void {
    this.#controllers.push(controller);
  }

  protected createRenderRoot(): ShadowRoot {
    const root = this.attachShadow({ mode: 'open' });
    const { styles } = this.constructor as typeof ReactiveElement;
    root.adoptedStyleSheets = styles.map(({ styleSheet }) => styleSheet);
    return root;
  }

  connectedCallback(): void {
    this.renderRoot ??= this.createRenderRoot();
    for (const controller of this.#controllers) controller.hostConnected?.();
    this.#connected.resolve();
  }

  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
  }

  attributeChangedCallback(attribute: string, before: string | null, value: string | null): void {
    const [name, { type }] = Object.entries(this.#properties).find((entry) => attributeOf(entry) === attribute)!;
    if (isNative(name)) this.requestUpdate(name, before);
    else if (type === Boolean) Object.assign(this, { [name]: value !== null });
    else Object.assign(this, { [name]: value !== null && type === Number ? Number(value) : value });
  }

  /** Updates soon, and once for all that is asked for until then. */
  requestUpdate(name?: PropertyKey, before?: unknown): void {
    if (name && !this.#changed.has(name)) this.#changed.set(name, before);
    this.#update ??= this.#perform();
  }

  /** Resolves when everything asked for so far shows. */
  get updateComplete(): Promise<void> {
    return this.#update ?? Promise.resolve();
  }

  async #perform(): Promise<void> {
    await this.#connected.promise;
    const changed = this.#changed;
    try {
      if (!this.hasUpdated) Object.assign(this, this.#early);
      this.willUpdate(changed);
      this.update(changed);
    } finally {
      this.#changed = new Map();
      this.#update = undefined;
    }
    for (const controller of this.#controllers) controller.hostUpdated?.();
    this.hasUpdated = true;
    this.updated(changed);
  }

  protected willUpdate(_changed: PropertyValues): void {}
  protected update(_changed: PropertyValues): void {}
  protected updated(_changed: PropertyValues): void {}
}

function attributeOf([name, { attribute }]: [string, PropertyDeclaration]): string {
  return (attribute as string | undefined) ?? name.toLowerCase();
}

/** HTML's own (`lang`) are their attribute already. */
function isNative(name: string): boolean {
  return name in HTMLElement.prototype;
}
