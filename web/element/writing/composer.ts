import { html, nothing, type TemplateResult } from 'lit/html.js';
import { type Language, plural } from '../text/language.ts';
import { icons } from './icons.ts';

interface Composer {
  language: Language;
  text: string;
  signedIn: boolean;
  /** Characters left, negative if the text is too long; undefined while the limit is far or unknown. */
  left: number | undefined;
  /** Seconds until the next message may be sent; 0 if it may be sent now. */
  wait: number;
  /** Whether the text is sent as soon as the page's `getToken` gives a token. */
  waits: boolean;
  problem: string | TemplateResult | undefined;
  /**
   * The pinned message, the moderators' button, and the reason if the person can't write (`Rules.render`,
   * rules/rules.ts). Undefined while the code of `Rules` is not loaded.
   */
  rules: TemplateResult | typeof nothing | undefined;
  send: () => void;
  input: (event: Event) => void;
  keydown: (event: KeyboardEvent) => void;
  contain: (event: KeyboardEvent) => void;
  /** Undefined if the page sets `getToken`, because the page then signs people in. */
  signIn: (() => void) | undefined;
}

export function composer(state: Composer): TemplateResult {
  const { language, text, signedIn, left, wait, waits } = state;
  const { strings } = language;
  const problem = waits ? strings.waitsForPerson : state.problem;
  const waiting = wait > 0 ? plural(language, strings.waitSeconds, wait) : undefined;
  const label = waiting ?? strings.send;
  const tooLong = left !== undefined && left < 0;
  const blocked = wait > 0 || tooLong || text.trim() === '';
  // Uses no form, because a sandboxed frame may not submit one. `data-text` is an invisible copy of the text or the
  // placeholder, which gives the textarea its height. The alternatives are worse: not all browsers have `field-sizing`,
  // and a style attribute needs `unsafe-inline` in the page's CSP.
  return html`<div class="field">
      <div class="grow" data-text="${text || strings.placeholder} ">
        <textarea rows="1" dir=${text ? 'auto' : language.direction} enterkeyhint="send" autocomplete="off" aria-label=${strings.compose}
          aria-describedby="note" aria-invalid=${tooLong} placeholder=${strings.placeholder}
          @input=${state.input} @keydown=${state.keydown} @keyup=${state.contain} @keypress=${state.contain}></textarea>
      </div>
      ${
        signedIn
          ? html`<button type="button" class="send" part="send" aria-label=${label} title=${label}
              aria-disabled=${blocked} @click=${state.send}>${wait || icons.send}</button>`
          : html`<slot name="sign-in">${
              state.signIn &&
              html`<button type="button" class="sign-in" part="sign-in" @click=${state.signIn}>${strings.signIn}</button>`
            }</slot>`
      }
    </div>
    <p class="note ${problem || tooLong ? 'over' : ''}" id="note" role=${waits ? 'status' : nothing}>${waiting ?? (tooLong ? undefined : problem) ?? remaining(language, left) ?? nothing}</p>${state.rules}`;
}

function remaining(language: Language, left: number | undefined): string | undefined {
  const { charactersOver, charactersLeft } = language.strings;
  if (left === undefined) return undefined;
  return left < 0 ? plural(language, charactersOver, -left) : plural(language, charactersLeft, left);
}
