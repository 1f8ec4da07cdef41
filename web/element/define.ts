import { ShoutBox } from './shout-box.ts';

/** A page may load the script twice, or two versions of it: the first one stays. */
if (!customElements.get('shout-box')) customElements.define('shout-box', ShoutBox);

export { ShoutBox };

declare global {
  interface HTMLElementTagNameMap {
    'shout-box': ShoutBox;
  }
}
