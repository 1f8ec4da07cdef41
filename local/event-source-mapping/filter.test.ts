import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter.ts';

const insert = { eventName: 'INSERT', dynamodb: { NewImage: { type: { S: 'MessagePosted' }, seq: { N: '1' } } } };

describe('a filter', () => {
  it('lets everything through if there is no pattern', () => {
    expect(compileFilter([])(insert)).toBe(true);
  });

  it.each([
    ['a value that is listed', { eventName: ['INSERT', 'MODIFY'] }, true],
    ['a value that is not listed', { eventName: ['REMOVE'] }, false],
    ['a nested value', { dynamodb: { NewImage: { type: { S: ['MessagePosted'] } } } }, true],
    [
      'fields of which one does not match',
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['x'] } } } },
      false,
    ],
    ['a prefix', { dynamodb: { NewImage: { type: { S: [{ prefix: 'Message' }] } } } }, true],
    ['another prefix', { dynamodb: { NewImage: { type: { S: [{ prefix: 'User' }] } } } }, false],
    ['a field that exists', { dynamodb: { NewImage: { seq: [{ exists: true }] } } }, true],
    ['a field that should not exist', { dynamodb: { NewImage: { seq: [{ exists: false }] } } }, false],
    ['a missing field that should not exist', { dynamodb: { OldImage: { seq: [{ exists: false }] } } }, true],
    ['anything but another value', { eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
    ['anything but this value', { eventName: [{ 'anything-but': 'INSERT' }] }, false],
    ['anything but, of a missing field', { missing: [{ 'anything-but': 'x' }] }, false],
    ['a path through what is not there', { a: { b: { c: ['x'] } } }, false],
  ])('decides on %s', (_, pattern, expected) => {
    expect(compileFilter([pattern])(insert)).toBe(expected);
  });

  it('needs one of its patterns to match', () => {
    expect(compileFilter([{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }])(insert)).toBe(true);
  });

  it('throws for an operator that it does not support', () => {
    expect(() => compileFilter([{ eventName: [{ wildcard: '*' }] }])).toThrow('wildcard');
  });
});
