import { describe, expect, it } from 'vitest';
import { addressKey, sourceAddress } from './source-address.ts';

const http = (headers: Record<string, string>, sourceIp = '198.51.100.7') => ({
  headers,
  requestContext: { http: { sourceIp } },
});

describe('the address that a request is counted by', () => {
  it.each([
    { of: 'a request to the API itself', through: false, forwarded: undefined, address: '198.51.100.7' },
    { of: 'one that names another', through: false, forwarded: '203.0.113.9', address: '198.51.100.7' },
    { of: 'one through the distribution', through: true, forwarded: '203.0.113.9', address: '203.0.113.9' },
    {
      of: 'one through it, as API Gateway passes it on',
      through: true,
      forwarded: '203.0.113.9, 198.51.100.7',
      address: '203.0.113.9',
    },
    {
      of: 'one through it that names another',
      through: true,
      forwarded: '192.0.2.1, 203.0.113.9, 198.51.100.7',
      address: '203.0.113.9',
    },
    { of: 'one through it without an address', through: true, forwarded: 'unknown', address: '198.51.100.7' },
  ])('$of', ({ through, forwarded, address }) => {
    expect(sourceAddress(http(forwarded ? { 'X-Forwarded-For': forwarded } : {}), through)).toBe(address);
  });

  it('of a WebSocket is in another place', () => {
    expect(sourceAddress({ requestContext: { identity: { sourceIp: '198.51.100.8' } } }, false)).toBe('198.51.100.8');
  });

  it('is stored as a hash, of IPv6 as that of its network', () => {
    const key = (ip: string) => addressKey(http({}, ip), false);
    expect(key('198.51.100.7')).not.toContain('198');
    expect(key('2001:db8:1:2::1')).toBe(key('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(key('2001:db8:1:2::1')).not.toBe(key('2001:db8:1:3::1'));
    expect(key('2001:db8::1')).toBe(key('2001:db8:0:0:7::'));
    expect(key('198.51.100.7')).not.toBe(key('198.51.100.8'));
  });
});
