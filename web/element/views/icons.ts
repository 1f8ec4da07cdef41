import { html } from 'lit/html.js';

/** 20 × 20 line icons; decoration only, the button carries the name. */
const icon = (path: string) =>
  html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  send: icon('M10 16.5v-13M4.5 9 10 3.5 15.5 9'),
  signIn: icon('M8.5 6 12.5 10l-4 4M12 10H3.5M11 3.5h5.5v13H11'),
  signOut: icon('M13 6l4 4-4 4M16.5 10H8M9.5 3.5h-6v13h6'),
  pause: icon('M7 5v10M13 5v10'),
  play: icon('M7 4.5v11l8.5-5.5z'),
  up: icon('M10 15.5v-11M5.5 9 10 4.5 14.5 9'),
  trash: icon('M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5'),
  retry: icon('M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4'),
  close: icon('M5.5 5.5l9 9M14.5 5.5l-9 9'),
  check: icon('M4.5 10.5l4 4 7-9'),
};
