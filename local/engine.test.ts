import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { engineBinary } from './engine.ts';

describe('the DynamoDB engine', () => {
  it('is the binary of this platform’s package', () => {
    expect(existsSync(engineBinary())).toBe(true);
  });

  it('is reported as missing in one sentence that says what to do', () => {
    expect(() => engineBinary('plan9', 'mips')).toThrow(
      /^There is no DynamoDB engine for this machine \(npm package @dynoxide\/plan9-mips .*DYNAMODB_ENDPOINT/,
    );
  });
});
