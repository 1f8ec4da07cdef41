import { describe, expect, it } from 'vitest';
import { allowsOrigin, isLoopbackPattern } from './origins.ts';

describe('pages that may connect', () => {
  it.each([
    { list: ['https://example.org'], origin: 'https://example.org', allowed: true },
    { list: ['https://example.org'], origin: 'https://example.org:8443', allowed: false },
    { list: ['*'], origin: 'https://anywhere.example', allowed: true },
    { list: ['http://localhost:*'], origin: 'http://localhost:8080', allowed: true },
    { list: ['http://localhost:*'], origin: 'http://localhost', allowed: true },
    { list: ['http://[::1]:*'], origin: 'http://[::1]:3000', allowed: true },
    { list: ['http://localhost:*'], origin: 'https://localhost:8080', allowed: false },
    { list: ['http://localhost:*'], origin: 'http://localhost.evil.example:8080', allowed: false },
    { list: ['http://localhost:*'], origin: 'http://evil.example:8080', allowed: false },
    { list: ['http://localhost:*'], origin: 'http://localhost:8080:1', allowed: false },
    { list: ['http://example.org:*'], origin: 'http://example.org:8080', allowed: false },
  ])('$list: $origin, $allowed', ({ list, origin, allowed }) => {
    expect(allowsOrigin(list, origin)).toBe(allowed);
  });

  it('any port may be listed of this machine only', () => {
    expect(['http://localhost:*', 'https://127.0.0.1:*'].every(isLoopbackPattern)).toBe(true);
    expect(['http://example.org:*', 'http://localhost*', 'localhost:*'].some(isLoopbackPattern)).toBe(false);
  });
});
