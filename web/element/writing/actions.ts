import { html, nothing, type TemplateResult } from 'lit/html.js';
import { clientMessageIdOf } from '../../../src/domain/feed/event-id.ts';
import type { EventId } from '../../../src/domain/schema.generated.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Client, Command } from '../client.ts';
import type { Row } from '../rows/row.ts';
import type { Language } from '../text/language.ts';
import { icon } from '../views/icons.ts';
import { icons } from './icons.ts';

type Words = { [Name in keyof Strings]: Strings[Name] extends string ? Name : never }[keyof Strings];

interface Action {
  readonly icon: TemplateResult;
  /** Label of the button. */
  readonly words: Words;
  /** Question before it acts. */
  readonly confirm?: Words;
  /** Whether this person may do this to this message now. */
  readonly may: (row: Row) => boolean;
  readonly run: (client: Client, row: Row) => void;
}

/** What can be done to a message, by the action's id. A new action is one line here, and its words in `web/locales`. */
const ACTIONS: Readonly<Record<string, Action>> = {
  retry: {
    icon: icon('M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4'),
    words: 'retry',
    may: hasFailed,
    run: onItsWay('retry'),
  },
  discard: { icon: icon('M5.5 5.5l9 9M14.5 5.5l-9 9'), words: 'discard', may: hasFailed, run: onItsWay('discard') },
  delete: {
    icon: icon('M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5'),
    words: 'delete',
    confirm: 'confirmDelete',
    may: isMine,
    run: send('deleteMessage'),
  },
};

function hasFailed({ delivery }: Row): boolean {
  return delivery === 'failed';
}

/** One of the user's own messages, in the log and not deleted. */
function isMine({ own, mayWrite, delivery, deleted }: Row): boolean {
  return own && mayWrite && !delivery && !deleted;
}

/** Sends a command about a message of the log. */
function send(action: Extract<Command, { target: EventId }>['action']): Action['run'] {
  return (client, { key }) => client.send({ action, target: key });
}

function onItsWay(method: 'retry' | 'discard'): Action['run'] {
  return (client, { key }) => client[method](clientMessageIdOf(key));
}

/** Runs the action of a button in a row, if the person still may. */
export function perform(id: string, client: Client, row: Row): void {
  const action = ACTIONS[id];
  if (action?.may(row)) action.run(client, row);
}

/** The actions of a message in the log, as icons in its corner. */
export function actions(row: Row, language: Language): TemplateResult | typeof nothing {
  const buttons = row.delivery ? [] : buttonsOf(row, language);
  return buttons.length > 0 ? html`<div class="actions">${buttons}</div>` : nothing;
}

/** A message's delivery status, with buttons to retry or discard it if it failed. */
export function delivery(row: Row, language: Language): TemplateResult {
  const { strings } = language;
  const state = row.delivery!;
  return html`<p class="delivery" title=${row.error?.message ?? nothing}>${state === 'sent' ? icons.check : nothing}${
    hasFailed(row) ? html`<strong>${strings.failed}</strong>` : strings[state]
  }${buttonsOf(row, language)}</p>`;
}

/** Only the buttons of the row in the tab order are in it, and those of a failed message. */
function buttonsOf(row: Row, { strings }: Language): TemplateResult[] {
  const possible = Object.entries(ACTIONS).filter(([, { may }]) => may(row));
  return possible.map(([id, { icon, words, confirm }]) => {
    const confirming = confirm !== undefined && row.confirming === id;
    const said = strings[confirming ? confirm : words];
    const spelled = confirming || hasFailed(row);
    return html`<button type="button" class=${confirming ? 'confirming' : hasFailed(row) ? 'chip' : nothing} tabindex=${row.active || hasFailed(row) ? 0 : -1}
      data-ask=${confirm && !confirming ? id : nothing} data-do=${confirm && !confirming ? nothing : id}
      aria-label=${spelled ? nothing : said} title=${spelled ? nothing : said}>${confirming ? nothing : icon}${spelled ? said : nothing}</button>`;
  });
}
