import { expect, it } from 'vitest';
import { isOperator, OPERATOR } from './operator.ts';

it('stays who it was, because events of the past carry it', () => {
  expect(OPERATOR).toEqual({ id: 'operator--------------', name: 'operator', role: 'moderator' });
  expect([isOperator({ id: 'operator--------------' }), isOperator({ id: 'o'.repeat(22) })]).toEqual([true, false]);
});
