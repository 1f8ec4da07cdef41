import type { Actor } from '../../src/domain/schema.generated.ts';
import type { Client } from '../element/client.ts';
import { ShoutBox } from '../element/shout-box.ts';
import { MadeUpClient } from './made-up-client.ts';
import { me } from './people.ts';
import { type Scene, scenes } from './scenes.ts';

/** The real element with made-up data; `room` names the scene. */
export class GalleryBox extends ShoutBox {
  declare client: MadeUpClient;
  /** Resolves when the scene has been played and is visible. */
  readonly settled: Promise<unknown>;
  #settle!: () => void;
  #playing = false;

  constructor() {
    super();
    this.settled = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
  }

  get scene(): Scene {
    return scenes[this.room] ?? scenes.live!;
  }

  override get user(): Actor | undefined {
    return this.scene.signedIn === false ? undefined : me;
  }

  protected override createClient(): Client {
    this.client = new MadeUpClient({ me, ...this.scene });
    return this.client;
  }

  protected override updated(): void {
    super.updated();
    const field = this.renderRoot.querySelector('textarea');
    // Waits for the composer, which is loaded from its own file.
    if (this.#playing || !(field || this.readonly)) return;
    this.#playing = true;
    const { draft, play } = this.scene;
    if (draft && field) {
      field.value = draft;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    play?.(this, this.client);
    // Settles in the third frame: the box may take two frames to be painted, and screenshots wait for `settled`.
    void import('../element/text/language.ts')
      .then(({ loadLanguage }) => loadLanguage(this.lang || 'en'))
      .then(() => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(this.#settle))));
  }
}

if (!customElements.get('shout-box')) customElements.define('shout-box', GalleryBox);
