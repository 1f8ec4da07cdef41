import type { Engine } from './browser.ts';

/**
 * The tests that an engine does not run, and why. Each key is a file. Its value is one reason if the engine skips the
 * whole file, otherwise a reason for each skipped test, by the test's name.
 */
type NotDriven = Record<string, string | Record<string, string>>;

const COSTS = 'only Chromium tells what a task of the main thread costs';
const HELD = 'WebDriver does not repeat a key that is held down';
const FINGER = 'WebKitGTK can not be told that the pointer is a finger';

export const NOT_DRIVEN: Record<Exclude<Engine, 'chromium'>, NotDriven> = {
  firefox: {
    'many.browser.test.ts': { 'with 10,000 messages, one that arrives takes no task over 50 ms': COSTS },
  },
  webkit: {
    'fits.browser.test.ts': { 'where fingers are, the box fits too': FINGER },
    'keyboard.browser.test.ts': { 'a key that is held deletes no message': HELD },
    'layout.browser.test.ts': { 'with forced colours every control keeps an edge': 'WebKit has no forced colours' },
    'many.browser.test.ts': { 'with 10,000 messages, one that arrives takes no task over 50 ms': COSTS },
    'sizes.browser.test.ts': {
      'where fingers are, every target is at least 44 by 44 pixels': FINGER,
      'where fingers are, no button of a message lies on its text, however many there are and whatever they ask':
        FINGER,
      'where fingers are, every target of a dialog is at least 44 pixels high': FINGER,
    },
    'sign-in/one-state.browser.test.ts': { 'has its person when it works again': 'WebDriver has no clock to set' },
    'sign-in/attacks.browser.test.ts': {
      'a held Enter does not agree': HELD,
      'a held Space does not agree': HELD,
    },
  },
};

/** Returns glob patterns of the files that an engine does not run at all. */
export const filesLeftOut = (engine: keyof typeof NOT_DRIVEN): string[] =>
  Object.entries(NOT_DRIVEN[engine]).flatMap(([file, entry]) => (typeof entry === 'string' ? [`**/${file}`] : []));

export function whyNotDriven(engine: Engine, file: string, name: string): string | undefined {
  if (engine === 'chromium') return undefined;
  const [, entry] = Object.entries(NOT_DRIVEN[engine]).find(([path]) => file.endsWith(path)) ?? [];
  return typeof entry === 'string' ? entry : entry?.[name];
}

/** Returns a list of the tests that the run leaves out, for people to read. */
export function listNotDriven(engine: keyof typeof NOT_DRIVEN): string {
  const lines = Object.entries(NOT_DRIVEN[engine]).flatMap(([file, entry]) =>
    typeof entry === 'string'
      ? [`  ${file}: ${entry}`]
      : Object.entries(entry).map(([name, why]) => `  ${file} > ${name}: ${why}`),
  );
  return `Not run in ${engine}:\n${lines.join('\n')}`;
}
