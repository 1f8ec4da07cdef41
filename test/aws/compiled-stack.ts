import { compileStack, type Stack } from '../../deploy/check/stack.ts';
import { oncePerRun } from '../once-per-run.ts';

/**
 * The stack with the parameters of deploy/params.example.yml.
 *
 * @throws Error with the message of `compileStack`
 */
export const compiledStack = (): Promise<Stack> => oncePerRun('compiled-stack', () => compileStack());
