import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Resource } from '../local/tables.ts';

export const EVENTS_TABLE = 'test-events';
export const STATE_TABLE = 'test-state';

/** Returns the resources in resources/tables.yml, with the tables named `events` and `state`. */
export function tableResources(events = EVENTS_TABLE, state = STATE_TABLE): Record<string, Resource> {
  const source = readFileSync(new URL('../resources/tables.yml', import.meta.url), 'utf8');
  const named = source.replace(/\$\{self:custom\.events\}/, events).replace(/\$\{self:custom\.state\}/, state);
  return (parse(named, { logLevel: 'silent' }) as { Resources: Record<string, Resource> }).Resources;
}
