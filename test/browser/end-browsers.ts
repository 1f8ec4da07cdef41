import { test } from 'vitest';
import { endBrowsers } from './shared.ts';

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which other fixtures this one needs.
const withEnd = test.extend('end', { scope: 'worker' }, ({}, { onCleanup }) => {
  onCleanup(endBrowsers);
});

// This hook asks for the fixture, because Vitest cleans up a fixture only if a hook or a test has asked for it. So the
// browsers end before their worker does.
withEnd.beforeAll(({ end: _ }) => {});
