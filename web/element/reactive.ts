/** As Lit defines them: whoever knows its controllers knows ours. */
export interface ReactiveController {
  hostConnected?(): void;
  hostDisconnected?(): void;
  hostUpdated?(): void;
}

export interface ReactiveControllerHost {
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<unknown>;
}

export interface Property {
  /** `false` for none, and the property's name in small letters where absent. */
  attribute?: string | false;
  type?: typeof Number | typeof Boolean;
}

type Values = Record<string, unknown>;

/** On a server there is none, and the class can be imported all the same. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * The part of Lit's `ReactiveElement` that one element needs, with the same names and the same order of calls. The whole
 * of it (decorators, converters, styles and properties by inheritance, fallbacks for older browsers) is 2.8 KB more.
 */
export abstract class ReactiveElement extends Base implements ReactiveControllerHost {
  static properties: Record<string, Property> = {};

  readonly renderRoot: ShadowRoot = this.attachShadow({ mode: 'open' });
  hasUpdated = false;
  readonly #controllers: ReactiveController[] = [];
  readonly #values: Values = {};
  /** Set before the element was defined: they count more than its attributes and its defaults. */
  readonly #early: Values = {};
  readonly #connected = Promise.withResolvers<void>();
  #changed = new Set<string>();
  #update: Promise<void> | undefined;

  /** `customElements.define` reads this once, before there is an instance: the moment to make the properties. */
  static get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: the class that is being defined
    const { prototype, properties } = this;
    for (const name of Object.keys(properties)) {
      // HTML's own (`lang`) are the attribute already.
      if (name in Base.prototype) continue;
      Object.defineProperty(prototype, name, {
        configurable: true,
        get(this: ReactiveElement) {
          return this.#values[name];
        },
        set(this: ReactiveElement, value: unknown) {
          if (Object.is(value, this.#values[name])) return;
          this.#values[name] = value;
          this.requestUpdate(name);
        },
      });
    }
    return Object.entries(properties).flatMap(([name, { attribute }]) =>
      attribute === false ? [] : (attribute ?? name.toLowerCase()),
    );
  }

  constructor() {
    super();
    const own = this as unknown as Values;
    for (const name of Object.keys((this.constructor as typeof ReactiveElement).properties)) {
      if (!Object.hasOwn(own, name)) continue;
      this.#early[name] = own[name];
      delete own[name];
    }
    this.requestUpdate();
  }

  addController(controller: ReactiveController): void {
    this.#controllers.push(controller);
  }

  connectedCallback(): void {
    for (const controller of this.#controllers) controller.hostConnected?.();
    this.#connected.resolve();
  }

  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
  }

  attributeChangedCallback(attribute: string, _before: string | null, value: string | null): void {
    const { properties } = this.constructor as typeof ReactiveElement;
    for (const [name, property] of Object.entries(properties)) {
      if ((property.attribute ?? name.toLowerCase()) !== attribute) continue;
      if (name in Base.prototype) this.requestUpdate(name);
      else if (property.type === Boolean) Object.assign(this, { [name]: value !== null });
      else Object.assign(this, { [name]: value !== null && property.type ? property.type(value) : value });
    }
  }

  /** Updates soon, and once for all that is asked for until then. */
  requestUpdate(name?: string): void {
    if (name) this.#changed.add(name);
    this.#update ??= this.#perform();
  }

  /** Resolves when everything asked for so far shows. */
  get updateComplete(): Promise<void> {
    return this.#update ?? Promise.resolve();
  }

  async #perform(): Promise<void> {
    await this.#connected.promise;
    try {
      if (!this.hasUpdated) Object.assign(this, this.#early);
      this.willUpdate(this.#changed);
      this.update();
    } finally {
      this.#changed = new Set();
      this.#update = undefined;
    }
    for (const controller of this.#controllers) controller.hostUpdated?.();
    const first = !this.hasUpdated;
    this.hasUpdated = true;
    if (first) this.firstUpdated();
    this.updated();
  }

  /** @param _changed names of the properties that are not what they were */
  protected willUpdate(_changed: ReadonlySet<string>): void {}
  /** Renders. */
  protected abstract update(): void;
  protected firstUpdated(): void {}
  protected updated(): void {}
}
