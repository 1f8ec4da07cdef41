import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Strings } from '../../locales/strings.ts';
import type { ConnectionState } from '../client.ts';
import { type Language, plural } from '../text/language.ts';
import { icons } from './icons.ts';

interface Header {
  language: Language;
  connection: ConnectionState;
  people: number | undefined;
  paused: boolean;
  /** The menu of the person who is signed in; undefined if none is shown. */
  account: TemplateResult | undefined;
  pause: () => void;
  /** Connects now, without waiting for the next attempt. */
  retry: () => void;
}

export function header({ language, connection, people, paused, account, pause, retry }: Header): TemplateResult {
  const { strings } = language;
  const state = paused && connection === 'live' ? 'paused' : connection;
  return html`<header part="header">
    <div class="words"><slot name="header"><h2 class="title" part="title">${strings.title}</h2></slot>
    <p class="status" part="status" data-state=${state}>
      <span class="bars" aria-hidden="true"><i></i><i></i><i></i></span><span class="label">${label(state, strings)}</span>
      ${people && connection === 'live' ? html`<span class="people">${plural(language, strings.here, people)}</span>` : nothing}
      ${connection === 'offline' ? html`<button type="button" class="chip" @click=${retry}>${strings.retryNow}</button>` : nothing}
    </p></div>
    <button type="button" class="quiet" aria-pressed=${paused} title=${paused ? strings.resume : strings.pause}
      aria-label=${strings.pause} @click=${pause}>${paused ? icons.play : icons.pause}</button>
    ${account}
  </header>`;
}

function label(state: ConnectionState | 'paused', strings: Strings): string {
  const { catchingUp, signedOut } = strings;
  return { ...strings, 'catching-up': catchingUp, 'signed-out': signedOut }[state];
}
