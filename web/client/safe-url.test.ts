import { expect, test } from 'vitest';
import { isSafeUrl } from './safe-url.ts';

test.each([
  'https://issuer.example/authorize?a=b',
  'wss://ws.example',
  'http://localhost:4000',
  'http://issuer.localhost',
  'http://127.0.0.1:4000/token',
  'http://127.1/',
  'http://127.10.20.30/',
  'ws://[::1]:3001',
])('%s is followed', (address) => {
  expect(isSafeUrl(address)).toBe(true);
});

test.each([
  'javascript:alert(1)//https://issuer.example',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://issuer.example/1',
  'file:///etc/passwd',
  'vbscript:x',
  'view-source:https://issuer.example',
  'filesystem:https://issuer.example/x',
  'http://issuer.example',
  'ws://ws.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'http://127.evil.example',
  'http://evillocalhost',
  'evilhttps://issuer.example',
  'evilhttp://localhost',
  '/authorize',
  '',
  undefined,
])('%s is not followed', (address) => {
  expect(isSafeUrl(address)).toBe(false);
});
