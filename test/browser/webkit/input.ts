import type { Driver, ElementReference } from './driver.ts';

/** Code points that WebDriver has for keys (WebDriver, "keyboard actions"). */
const KEYS: Record<string, string> = {
  ...{ Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Alt: '\uE00A' },
  ...{ Escape: '\uE00C', Space: ' ', PageUp: '\uE00E', PageDown: '\uE00F', End: '\uE010', Home: '\uE011' },
  ...{ ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Delete: '\uE017' },
};

type Origin = ElementReference | 'viewport';

/** Sends input to the document that `Scope.enter` has selected. Use it inside `enter`. */
export const input = {
  down: (driver: Driver, key: string) => keys(driver, [{ type: 'keyDown', value: codeOf(key) }]),
  up: (driver: Driver, key: string) => keys(driver, [{ type: 'keyUp', value: codeOf(key) }]),

  /** Presses a key, or several together such as `Shift+Enter`. */
  press(driver: Driver, chord: string): Promise<void> {
    const held = chord.split(/(?<=.)\+/).map(codeOf);
    return keys(driver, [
      ...held.map((value) => ({ type: 'keyDown', value })),
      ...held.toReversed().map((value) => ({ type: 'keyUp', value })),
    ]);
  },

  type(driver: Driver, text: string): Promise<void> {
    return keys(
      driver,
      [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value }))),
    );
  },

  /** Moves the pointer to an offset from the middle of an element, or to a place in the viewport. */
  move: (driver: Driver, origin: Origin, x = 0, y = 0) =>
    pointer(driver, [{ type: 'pointerMove', origin, x: Math.round(x), y: Math.round(y) }]),
  hold: (driver: Driver) => pointer(driver, [{ type: 'pointerDown', button: 0 }]),
  release: (driver: Driver) => pointer(driver, [{ type: 'pointerUp', button: 0 }]),

  click(driver: Driver, origin: Origin, { x = 0, y = 0, times = 1 } = {}): Promise<void> {
    const click = [
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    const move = { type: 'pointerMove', origin, x: Math.round(x), y: Math.round(y) };
    return pointer(driver, [move, ...Array(times).fill(click).flat()]);
  },
};

const codeOf = (key: string): string => KEYS[key] ?? key;

function keys(driver: Driver, actions: readonly object[]): Promise<void> {
  return driver.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
}

function pointer(driver: Driver, actions: readonly object[]): Promise<void> {
  const parameters = { pointerType: 'mouse' };
  return driver.post('/actions', { actions: [{ type: 'pointer', id: 'mouse', parameters, actions }] });
}
