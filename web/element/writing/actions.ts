import type { TemplateResult } from 'lit/html.js';
import { clientMessageIdOf } from '../../../src/domain/feed/event-id.ts';
import type { EventId } from '../../../src/domain/schema.generated.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Client, Command } from '../client.ts';
import type { Row } from '../rows/row.ts';
import { icon } from '../views/icons.ts';

type Words = { [Name in keyof Strings]: Strings[Name] extends string ? Name : never }[keyof Strings];

interface Action {
  readonly icon: TemplateResult;
  /** Label of the button. */
  readonly words: Words;
  /** Question to ask before the action runs. */
  readonly confirm?: Words;
  /** Returns whether the person may do this to the message now. */
  readonly may: (row: Row) => boolean;
  /** Runs the action. If `run` is absent, a dialog about the message opens. */
  readonly run?: (client: Client, row: Row) => void;
}

/** The actions on a message, by id. A new action is one entry here, and its words in `web/locales`. */
export const ACTIONS: Readonly<Record<string, Action>> = {
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
    may: (row) => row.own && isInLog(row),
    run: send('deleteMessage'),
  },
  report: {
    icon: icon('M5 17V4h10v7H5'),
    words: 'report',
    may: (row) => !row.own && isInLog(row),
  },
};

export function hasFailed({ delivery }: Row): boolean {
  return delivery === 'failed';
}

/** Returns whether the message is in the log and not deleted, and the person may write. */
function isInLog({ mayWrite, delivery, deleted }: Row): boolean {
  return mayWrite && !delivery && !deleted;
}

/** Returns a function that sends a command about a message of the log. */
function send(action: Extract<Command, { target: EventId }>['action']): NonNullable<Action['run']> {
  return (client, { key }) => client.send({ action, target: key });
}

function onItsWay(method: 'retry' | 'discard'): NonNullable<Action['run']> {
  return (client, { key }) => client[method](clientMessageIdOf(key));
}
