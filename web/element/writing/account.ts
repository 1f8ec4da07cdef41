import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Actor } from '../../../src/domain/schema.generated.ts';
import type { Strings } from '../../locales/strings.ts';
import { avatar } from '../views/avatar.ts';

/**
 * Shows who is signed in. A click on the avatar only shows the button that signs out, because signing out clears the
 * draft.
 */
export class Account {
  #open = false;
  readonly #host: ReactiveControllerHost;
  readonly #signOut: () => void;

  constructor(host: ReactiveControllerHost, signOut: () => void) {
    this.#host = host;
    this.#signOut = signOut;
  }

  render(user: Actor, { signedInAs, signOut }: Strings): TemplateResult {
    const name = signedInAs?.replace('{name}', user.name);
    return html`<div class="account" @focusout=${this.#left} @keydown=${this.#key}>
      <button type="button" class="quiet me" aria-expanded=${this.#open} aria-label=${name} title=${name}
        @click=${this.#toggle}>${avatar(user)}</button>${
          this.#open ? html`<button type="button" class="chip" @click=${this.#out}>${signOut}</button>` : nothing
        }
    </div>`;
  }

  #show(open: boolean): void {
    this.#open = open;
    this.#host.requestUpdate();
  }

  readonly #toggle = (): void => this.#show(!this.#open);

  readonly #out = (): void => {
    this.#show(false);
    this.#signOut();
  };

  readonly #left = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!(currentTarget as Element).contains(relatedTarget as Element)) this.#show(false);
  };

  readonly #key = ({ key, currentTarget }: KeyboardEvent): void => {
    if (key !== 'Escape' || !this.#open) return;
    this.#show(false);
    (currentTarget as Element).querySelector('button')!.focus();
  };
}
