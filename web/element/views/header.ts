import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Strings } from '../../locales/strings.ts';
import type { ConnectionState } from '../client.ts';
import { avatar } from './avatar.ts';
import { icons } from './icons.ts';

interface Header {
  strings: Strings;
  connection: ConnectionState;
  paused: boolean;
  user: { id: string; name: string; picture?: string | undefined } | undefined;
  pause: () => void;
  signOut: (() => void) | undefined;
}

export function header({ strings, connection, paused, user, pause, signOut }: Header): TemplateResult {
  const state = paused && connection === 'live' ? 'paused' : connection;
  return html`<header part="header">
    <slot name="header"><h2 class="title" part="title">${strings.title}</h2></slot>
    <p class="status" part="status" data-state=${state}>
      <span class="bars" aria-hidden="true"><i></i><i></i><i></i></span><span class="label">${label(state, strings)}</span>
    </p>
    <button type="button" class="quiet" aria-pressed=${paused} title=${paused ? strings.resume : strings.pause}
      aria-label=${strings.pause} @click=${pause}>${paused ? icons.play : icons.pause}</button>
    ${
      user && signOut
        ? html`<button type="button" class="quiet me" aria-label="${strings.signOut} (${user.name})"
            title="${strings.signOut} (${user.name})" @click=${signOut}>${avatar(user)}${icons.signOut}</button>`
        : nothing
    }
  </header>`;
}

function label(state: ConnectionState | 'paused', strings: Strings): string {
  const { catchingUp, signedOut } = strings;
  return { ...strings, 'catching-up': catchingUp, 'signed-out': signedOut }[state];
}
