import { html } from 'lit/html.js';

/**
 * Renders a line icon, drawn on 20 × 20 units. It is hidden from screen readers, so a button with only an icon needs a
 * label.
 */
export const icon = (path: string) =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  pause: icon('M7 5v10M13 5v10'),
  play: icon('M7 4.5v11l8.5-5.5z'),
  up: icon('M10 15.5v-11M5.5 9 10 4.5 14.5 9'),
};
