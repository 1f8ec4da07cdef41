import middy from '@middy/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FRAME_BYTES } from '../../domain/delivery/frames.ts';
import type { ErrorFrame } from '../../domain/schema.generated.ts';
import { authenticate } from '../validators/authenticate.generated.js';
import { deleteMessage } from '../validators/deleteMessage.generated.js';
import { ping } from '../validators/ping.generated.js';
import { sendMessage } from '../validators/sendMessage.generated.js';
import { errorFrames } from './errors.ts';
import { parse } from './parse.ts';
import { type Validate, type ValidationIssue, validate } from './validate.ts';

const clientMessageId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const eventId = fc.stringMatching(/^[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{1,64}$/);

/** Validators of four actions, each with frames that it must let through. */
const actions: [string, Validate<unknown>, fc.Arbitrary<object>][] = [
  [
    'sendMessage',
    sendMessage,
    fc.record(
      { action: fc.constant('sendMessage'), text: fc.string({ unit: 'grapheme', minLength: 1 }), clientMessageId },
      { requiredKeys: ['action', 'text'] },
    ),
  ],
  [
    'deleteMessage',
    deleteMessage,
    fc.record(
      { action: fc.constant('deleteMessage'), target: eventId, clientMessageId },
      { requiredKeys: ['action', 'target'] },
    ),
  ],
  ['ping', ping, fc.record({ action: fc.constant('ping') })],
  [
    'authenticate',
    authenticate,
    fc.record({ action: fc.constant('authenticate'), token: fc.string({ minLength: 1, maxLength: 8_192 }) }),
  ],
];

const untouched = { count() {}, measure() {}, flush() {}, log: (...words: unknown[]) => unexpected.push(words) };
/** What `errorFrames` has logged. It logs only unexpected errors, and no frame should cause such an error. */
const unexpected: unknown[] = [];

/** Returns a handler that answers with the parsed and validated body, or with the error frame. */
function handlerOf(schema: Validate<unknown>) {
  return middy<{ body: unknown }, { body: string }>()
    .use(errorFrames(untouched as never))
    .use(parse())
    .use(validate(schema))
    .handler(async ({ body }) => ({ body: JSON.stringify({ accepted: body }) }));
}

async function answerTo(
  schema: Validate<unknown>,
  event: object,
): Promise<{ accepted?: unknown } & Partial<ErrorFrame>> {
  const { body } = await handlerOf(schema)(event as { body: unknown }, {} as never);
  return JSON.parse(body);
}

/** Events with anything that a client or a broken gateway could put into them. */
const anyEvent = fc.record(
  {
    body: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.json().map((json) => json.slice(0, -1)),
      fc.constantFrom('null', '[]', '""', '1e999', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', '\ud800'),
      fc.integer({ min: 0, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
      fc.integer({ min: 0, max: 2 * MAX_FRAME_BYTES }).map((length) => 'x'.repeat(length)),
      fc.constantFrom(null, 5, {}),
    ),
    isBase64Encoded: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe.each(actions)('a frame for %s', (_action, schema, good) => {
  it('is let through as it is where it is good', async () => {
    await fc.assert(
      fc.asyncProperty(good, async (frame) => {
        expect(await answerTo(schema, { body: JSON.stringify(frame) })).toEqual({ accepted: frame });
      }),
    );
  });

  it('is refused with one property more, whatever its name and value, and the value is not repeated', async () => {
    const extra = fc
      .string({ minLength: 1 })
      .filter((name) => !/^(action|text|target|token|clientMessageId)$/.test(name));
    await fc.assert(
      fc.asyncProperty(good, extra, async (frame, name) => {
        const body = JSON.stringify({ ...frame, [name]: 'a-value-of-mine' });
        const answer = await answerTo(schema, { body });
        expect(answer).toMatchObject({ type: 'error', code: 'invalid_message' });
        expect(answer.message).not.toContain('a-value-of-mine');
      }),
    );
  });

  it('is, whatever it is, let through or refused with a code: nothing else is ever thrown', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvent, async (event) => {
        const { accepted, type, code } = await answerTo(schema, event);
        if (accepted === undefined) {
          expect(type).toBe('error');
          expect(['invalid_message', 'too_large']).toContain(code);
        }
        expect(unexpected).toEqual([]);
      }),
    );
  });
});

it('a frame is too large by its bytes, not by its characters', async () => {
  const frameOf = (bytes: number, unit: string) =>
    JSON.stringify({ action: 'ping', pad: unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit))) });
  for (const unit of ['x', 'é', '漢', '😀']) {
    expect(await answerTo(ping, { body: frameOf(MAX_FRAME_BYTES, unit) })).toMatchObject({ code: 'too_large' });
    expect(await answerTo(ping, { body: frameOf(MAX_FRAME_BYTES - 100, unit) })).toMatchObject({
      code: 'invalid_message',
    });
  }
});

it('what is wrong is said by the property’s name, and only where that is one', async () => {
  const issue = (additionalProperty: string): ValidationIssue[] => [
    {
      instancePath: '',
      keyword: 'additionalProperties',
      message: 'must NOT have more',
      params: { additionalProperty },
    },
  ];
  const refusing = (name: string) =>
    Object.assign((_: unknown): _ is never => false, { errors: issue(name) }) as Validate<unknown>;
  expect((await answerTo(refusing('seq'), { body: '{}' })).message).toContain('(seq)');
  expect((await answerTo(refusing('eyJhbGciOi.a.b'), { body: '{}' })).message).not.toContain('eyJ');
});
