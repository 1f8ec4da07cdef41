import { ShoutBox } from './shout-box.ts';

/** If a page loads the script twice, or two versions of it, the script that runs first defines the element. */
if (!customElements.get('shout-box')) customElements.define('shout-box', ShoutBox);

export { ShoutBox };

declare global {
  interface HTMLElementTagNameMap {
    'shout-box': ShoutBox;
  }
}
