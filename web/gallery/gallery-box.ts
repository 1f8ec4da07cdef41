import type { Actor } from '../../src/domain/schema.generated.ts';
import type { Client } from '../element/client.ts';
import { ShoutBox } from '../element/shout-box.ts';
import { MadeUpClient } from './made-up-client.ts';
import { me } from './people.ts';
import { type Scene, scenes } from './scenes.ts';

/** The real element with made-up data behind it: `room` names the scene. */
export class GalleryBox extends ShoutBox {
  client!: MadeUpClient;

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

  protected override firstUpdated(): void {
    const { draft, play } = this.scene;
    const field = this.renderRoot.querySelector('textarea');
    if (draft && field) {
      field.value = draft;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    play?.(this, this.client);
  }
}

customElements.define('shout-box', GalleryBox);
