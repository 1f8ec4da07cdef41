import { type Engine, engine } from './browser.ts';

/** Tests that an engine's driver can't do, by the end of their file's path and, within it, by name; each with the reason. */
type NotDriven = Record<string, string | Record<string, string>>;

const COSTS = 'only Chromium tells what a task of the main thread costs';

export const NOT_DRIVEN: Record<Engine, NotDriven> = {
  chromium: {},
  firefox: {
    'many.browser.test.ts': { 'with 10,000 messages, one that arrives takes no task over 50 ms': COSTS },
  },
  webkit: {
    'many.browser.test.ts': { 'with 10,000 messages, one that arrives takes no task over 50 ms': COSTS },
  },
};

export function whyNotDriven(file: string, name: string): string | undefined {
  const [, entry] = Object.entries(NOT_DRIVEN[engine]).find(([path]) => file.endsWith(path)) ?? [];
  return typeof entry === 'string' ? entry : entry?.[name];
}

/** For people: what the run leaves out. */
export function listNotDriven(of: Engine): string {
  const lines = Object.entries(NOT_DRIVEN[of]).flatMap(([file, entry]) =>
    typeof entry === 'string'
      ? [`  ${file}: ${entry}`]
      : Object.entries(entry).map(([name, why]) => `  ${file} > ${name}: ${why}`),
  );
  return lines.length === 0 ? '' : `Not driven in ${of}:\n${lines.join('\n')}`;
}
