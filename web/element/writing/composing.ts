import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { serverOf } from '../../client/server.ts';
import { Draft, forgetDrafts } from './draft.ts';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
}

/** Holds the text being written, keeps it as a draft, and handles key presses in the text field. */
export class Composing implements ReactiveController {
  readonly #host: Host;
  readonly #submit: () => void;
  #draft: Draft | undefined;
  text = '';

  constructor(host: Host, submit: () => void) {
    this.#host = host;
    this.#submit = submit;
    host.addController(this);
  }

  /**
   * Writes `text` to the field after code has changed `text`, for example has emptied it after sending. While a person
   * types, the field already holds `text`, and is left alone.
   */
  hostUpdated(): void {
    const field = this.field;
    if (field && field.value !== this.text) field.value = this.text;
  }

  get field(): HTMLTextAreaElement | null {
    return this.#host.renderRoot.querySelector('textarea');
  }

  /** Restores the draft of this person in a room, unless it is open already. */
  open(server: string, room: string, person: string | undefined): void {
    const draft = new Draft(`${serverOf(server)}:${room}`, person);
    if (draft.key === this.#draft?.key) return;
    this.#draft = draft;
    this.text = draft.read();
  }

  /** Drops the drafts of this person, and of guests, in every room of the server. */
  forget(server: string, person: string | undefined): void {
    forgetDrafts(serverOf(server), person);
    this.#draft = undefined;
    this.#host.requestUpdate();
  }

  set(text: string): void {
    this.text = text;
    this.#draft?.write(text);
    this.#host.requestUpdate();
  }

  readonly input = (event: Event): void => {
    event.stopPropagation();
    this.set((event.target as HTMLTextAreaElement).value);
  };

  readonly keydown = (event: KeyboardEvent): void => {
    this.contain(event);
    // While an input method composes, Enter picks a candidate. Safari ends the composition before this event, and only
    // the key code 229 shows that there was one.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !composing) {
      event.preventDefault();
      this.#submit();
    } else if (event.defaultPrevented && !composing && isLetter(event)) {
      // A hotkey listener of the page has cancelled the letter in the capture phase, because it does not see the text
      // field in the shadow root. `execCommand` is deprecated, but nothing else inserts text and keeps the undo
      // history.
      document.execCommand('insertText', false, event.key);
    }
  };

  /** Hides typed keys from the page, where `j`, `/` or `?` may be hotkeys. Escape, and keys with Ctrl or ⌘, pass. */
  readonly contain = (event: KeyboardEvent): void => {
    if (!event.ctrlKey && !event.metaKey && event.key !== 'Escape') event.stopPropagation();
  };
}

function isLetter({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && [...key].length === 1;
}
