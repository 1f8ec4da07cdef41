import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './http-answer.ts';

const read = (text: string) => readAnswer(Buffer.from(text, 'latin1'));

describe('an answer', () => {
  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello', 200],
    ['without a body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200],
    ['that never has a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
    ['in chunks', 'HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 410],
    [
      'in chunks with extensions',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n',
      200,
    ],
    ['with trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: b\r\nc: d\r\n\r\n', 200],
    [
      'after interim ones',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\na: b\r\n\r\nHTTP/1.1 429 \r\ncontent-length: 0\r\n\r\n',
      429,
    ],
    ['without a reason', 'HTTP/1.1 500\r\ncontent-length: 0\r\n\r\n', 500],
  ])('%s is read to its end, and the connection can be used again', (_, text, status) => {
    expect(read(text)).toEqual({ status, reusable: true });
  });

  it.each([
    ['the server closes', 'HTTP/1.1 200 OK\r\nConnection: keep-alive, Close\r\ncontent-length: 0\r\n\r\n'],
    ['it is HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['the body ends with the connection', 'HTTP/1.1 200 OK\r\n\r\nhel'],
    [
      'length and chunks contradict each other',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['the coding is unknown', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n'],
    ['more follows than was asked for', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\n'],
  ])('is known, but the connection done with, where %s', (_, text) => {
    expect(read(text)).toEqual({ status: 200, reusable: false });
  });

  it.each([
    'SSH-2.0-OpenSSH_9.6\r\n\r\n',
    'HTTP/2 200 OK\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\nx',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n',
  ])('is malformed: %j', (text) => {
    expect(read(text)).toBe('malformed');
  });

  it('is incomplete until its last byte is there, wherever it is cut', () => {
    const chunk = fc.string({ minLength: 1, unit: fc.constantFrom('a', '0', '\r', '\n') });
    const bodies = fc.oneof(
      chunk.map((text) => `content-length: ${text.length}\r\n\r\n${text}`),
      fc
        .array(chunk)
        .map(
          (chunks) =>
            `transfer-encoding: chunked\r\n\r\n${chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')}0\r\n\r\n`,
        ),
    );
    fc.assert(
      fc.property(bodies, fc.integer({ min: 200, max: 599 }), fc.boolean(), (body, status, interim) => {
        fc.pre(status !== 204 && status !== 304);
        const text = `${interim ? 'HTTP/1.1 100 Continue\r\n\r\n' : ''}HTTP/1.1 ${status} x\r\n${body}`;
        for (let cut = 0; cut < text.length; cut++) expect(read(text.slice(0, cut))).toBe('incomplete');
        expect(read(text)).toEqual({ status, reusable: true });
      }),
    );
  });
});
