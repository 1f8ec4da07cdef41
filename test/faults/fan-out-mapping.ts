import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type MappingSettings, mappingsOf } from '../../local/event-source-mapping/settings.ts';

const getAtt = { tag: '!GetAtt', resolve: (attribute: string) => ({ 'Fn::GetAtt': attribute }) };

/** Returns the settings of the mapping from the stream to fanOut, as in serverless.yml. */
export function fanOutMapping(eventsTable: string): MappingSettings {
  const { functions } = read('serverless.yml');
  const { Resources } = read('resources/tables.yml');
  const { fanOut } = functions.find((part: object) => Object.hasOwn(part, 'fanOut'));
  Resources.EventsTable.Properties.TableName = eventsTable;
  return mappingsOf({ fanOut }, Resources)[0]!;
}

function read(path: string) {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return parse(text, { logLevel: 'silent', customTags: [getAtt] });
}
