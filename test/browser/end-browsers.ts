import { test } from 'vitest';
import { endBrowsers } from './shared.ts';

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it what the fixture needs.
const withEnd = test.extend('end', { scope: 'worker' }, ({}, { onCleanup }) => {
  onCleanup(endBrowsers);
});

// Vitest cleans up a fixture before it ends the worker, if a hook has asked for the fixture.
withEnd.beforeAll(({ end: _ }) => {});
