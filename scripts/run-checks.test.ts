import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Check, runChecks } from './run-checks.ts';

/** Returns a check that runs `code` in Node. */
const check = (name: string, code: string): Check => ({ name, command: process.execPath, args: ['-e', code] });

describe('the checks', () => {
  test('all run to their end, and every failure is reported in order', async () => {
    const outcomes = await runChecks([
      check('first', 'console.error("one is wrong"); process.exit(1)'),
      check('second', 'console.log("fine")'),
      check('third', 'setTimeout(() => { console.log("two is wrong"); process.exit(3) }, 50)'),
    ]);
    expect(outcomes.map(({ name, ok, output }) => ({ name, ok, output }))).toEqual([
      { name: 'first', ok: false, output: 'one is wrong\n' },
      { name: 'second', ok: true, output: 'fine\n' },
      { name: 'third', ok: false, output: 'two is wrong\n' },
    ]);
  });

  test('run side by side: the first ends only after the second has begun', async () => {
    const sign = join(mkdtempSync(join(tmpdir(), 'shout-box-checks-')), 'sign');
    const outcomes = await runChecks([
      check(
        'waits',
        `setInterval(() => { if (require("node:fs").existsSync(${JSON.stringify(sign)})) process.exit() }, 10)`,
      ),
      check('signs', `require("node:fs").writeFileSync(${JSON.stringify(sign)}, "")`),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
  });

  test('tell which of them still run', async () => {
    const seen: (readonly string[])[] = [];
    await runChecks([check('one', ''), check('other', '')], { onEnd: (_, running) => seen.push(running) });
    expect(seen).toEqual([[expect.stringMatching(/^(one|other)$/)], []]);
  });

  test('say in a sentence that a program is missing', async () => {
    const [outcome] = await runChecks([{ name: 'none', command: 'no-such-program', args: [] }]);
    expect(outcome).toMatchObject({
      ok: false,
      output: expect.stringContaining('no-such-program could not be started'),
    });
  });

  test('are stopped when they do not end', async () => {
    const [outcome] = await runChecks([check('stuck', 'setInterval(() => {}, 1000)')], { timeoutMs: 200 });
    expect(outcome).toMatchObject({ ok: false, output: 'stuck did not end within 0.2 s and was stopped.\n' });
  });
});
