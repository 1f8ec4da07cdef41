import { beforeEach, expect, test } from 'vitest';
import { ConsentGate } from './consent-gate.ts';

let now: number;
let gate: ConsentGate;

beforeEach(() => {
  now = 0;
  gate = new ConsentGate(() => now);
  gate.shown();
});

const press = (changes: Partial<Record<'repeat' | 'isTrusted', boolean>> & { key?: string } = {}) =>
  gate.keydown({ key: 'Enter', repeat: false, isTrusted: true, ...changes });
const move = (screenX: number, pointerType = 'mouse', isTrusted = true) =>
  gate.pointermove({ screenX, screenY: 0, pointerType, isTrusted });
const keyClick = (isTrusted = true) => gate.click({ pointerType: '', detail: 0, isTrusted });
const down = (isTrusted = true, pointerType = 'mouse') => gate.pointerdown({ pointerType, isTrusted });
const pointerClick = (pointerType: string) => {
  down(true, pointerType);
  return gate.click({ pointerType, detail: 1, isTrusted: true });
};
const mouseClick = () => pointerClick('mouse');
const tap = () => pointerClick('touch');

test('a fresh press of a key counts after the first second', () => {
  now = 1_000;
  press();
  expect(keyClick()).toBe(true);
});

test('a key that went down in the first second does not count, however late it comes up', () => {
  now = 999;
  press({ key: ' ' });
  now = 5_000;
  expect(keyClick()).toBe(false);
});

test('a key held since before the window opened never counts', () => {
  for (now = 0; now < 10_000; now += 33) {
    press({ repeat: true });
    expect(keyClick()).toBe(false);
  }
  press({ repeat: true, key: ' ' });
  now += 2_000;
  expect(keyClick(), 'nor where it comes up').toBe(false);
});

test('a key that was pressed here counts also if it is held for a moment', () => {
  now = 2_000;
  press({ key: ' ' });
  for (let held = 0; held < 10; held++) press({ key: ' ', repeat: true });
  expect(keyClick()).toBe(true);
});

test('after a held key was let go, a fresh press counts', () => {
  now = 2_000;
  press({ repeat: true });
  expect(keyClick()).toBe(false);
  now = 3_000;
  press();
  expect(keyClick()).toBe(true);
});

test.each(['a', 'Tab', 'Shift', 'Enter'])(
  '%s restarts the second: somebody types who has not read the question',
  (key) => {
    for (now = 1_500; now < 5_000; now += 90) press({ key });
    now += 900;
    press();
    expect(keyClick()).toBe(false);
    now += 2_000;
    press();
    expect(keyClick()).toBe(true);
  },
);

test('Tab and Enter in turn never count', () => {
  for (now = 1_500; now < 10_000; now += 400) {
    press({ key: 'Tab' });
    now += 400;
    press();
    expect(keyClick()).toBe(false);
  }
});

test('presses beside the button restart the second', () => {
  move(100);
  move(200);
  for (now = 2_000; now < 6_000; now += 300) down();
  expect(mouseClick()).toBe(false);
  for (now = 8_000; now < 12_000; now += 300) down();
  expect(tap()).toBe(false);
});

test('a click whose press was not meant, or was elsewhere, does not count', () => {
  move(100);
  move(200);
  now = 5_000;
  down(false);
  expect(gate.click({ pointerType: 'mouse', detail: 1, isTrusted: true })).toBe(false);
  now = 9_000;
  expect(gate.click({ pointerType: 'mouse', detail: 1, isTrusted: true }), 'without a press').toBe(false);
});

test('a click and a tap right after a key do not count', () => {
  move(100);
  move(200);
  now = 5_000;
  press({ key: 'a' });
  expect(mouseClick()).toBe(false);
  now = 9_000;
  press({ key: 'a' });
  now = 9_500;
  expect(tap()).toBe(false);
});

test('a key before the window is in sight does not start the second', () => {
  const unseen = new ConsentGate(() => now);
  now = 1_000;
  unseen.keydown({ key: 'a', repeat: false, isTrusted: true });
  now = 5_000;
  expect(unseen.click({ pointerType: '', detail: 0, isTrusted: true })).toBe(false);
});

test('assistive technology clicks without a key: once, after the first second', () => {
  now = 500;
  expect(keyClick()).toBe(false);
  now = 1_499;
  expect(keyClick(), 'a click that does not count starts the second anew').toBe(false);
  now = 2_499;
  expect(keyClick()).toBe(true);
});

test('a press that does not count says nothing about the next one', () => {
  now = 500;
  press();
  expect(keyClick()).toBe(false);
  now = 3_000;
  expect(keyClick(), 'by assistive technology').toBe(true);
});

test('a mouse that has not moved in this window does not count', () => {
  now = 5_000;
  expect(mouseClick()).toBe(false);
  move(100);
  now = 10_000;
  expect(mouseClick(), 'the first position is no movement').toBe(false);
});

test('a hand that trembles is no movement, nor is a move that a script made', () => {
  move(100);
  move(103);
  move(300, 'mouse', false);
  now = 5_000;
  expect(mouseClick()).toBe(false);
});

test('a click after the mouse moved counts', () => {
  move(100);
  move(120);
  now = 1_000;
  expect(mouseClick()).toBe(true);
});

test('quick clicks never count, moved or not', () => {
  move(100);
  move(200);
  for (now = 0; now < 7_000; now += 300) expect(mouseClick()).toBe(false);
});

test('a tap counts where nothing was pressed in the second before', () => {
  now = 500;
  expect(tap()).toBe(false);
  now = 1_400;
  expect(tap()).toBe(false);
  now = 2_400;
  expect(tap()).toBe(true);
});

test.each(['mouse', undefined])(
  'a tap counts also where its click has the pointer type %s, as in some Safaris',
  (type) => {
    now = 5_000;
    down(true, 'touch');
    expect(gate.click({ pointerType: type!, detail: 1, isTrusted: true })).toBe(true);
  },
);

test('what a script makes never counts', () => {
  now = 5_000;
  expect(keyClick(false)).toBe(false);
  now = 10_000;
  press({ isTrusted: false });
  expect(keyClick()).toBe(false);
});

test('out of sight nothing counts, and back in sight the second begins anew', () => {
  const unseen = new ConsentGate(() => 1e9);
  expect(unseen.click({ pointerType: 'touch', detail: 1, isTrusted: true })).toBe(false);
  now = 5_000;
  gate.shown();
  now = 5_999;
  press();
  expect(keyClick()).toBe(false);
});
