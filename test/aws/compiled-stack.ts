import { compileStack, type Stack } from '../../deploy/check/stack.ts';
import { oncePerRun } from '../once-per-run.ts';

/**
 * Returns the stack with the example parameters. It is compiled once for all test files of a run.
 *
 * @throws Error with the message of `compileStack`
 */
export const compiledStack = (): Promise<Stack> => oncePerRun('compiled-stack', () => compileStack());
