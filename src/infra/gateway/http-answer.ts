/** The parts of an answer that matter to a client that ignores bodies. */
export interface Answer {
  status: number;
  /** Whether the connection can carry another request. */
  reusable: boolean;
}

/** `incomplete`: the rest has not arrived yet. `malformed`: the connection can no longer be used. */
export type ParsedAnswer = Answer | 'incomplete' | 'malformed';

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |\r\n|$)/;
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*([^\r\n]*)/i;
const TRANSFER_ENCODING = /\r\ntransfer-encoding:[ \t]*([^\r\n]*)/i;
const CLOSE = /\r\nconnection:[^\r\n]*\bclose\b/i;

/**
 * Reads one answer to a POST from the bytes received since the request (RFC 9112, sections 4 to 7). Skips the body, but
 * has to find its end, because only then can the connection carry the next request.
 */
export function readAnswer(bytes: Buffer): ParsedAnswer {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', start, 'latin1');
    if (end === -1) return 'incomplete';
    const head = bytes.toString('latin1', start, end);
    const [, minor, code] = STATUS_LINE.exec(head) ?? [];
    if (code === undefined) return 'malformed';
    const status = Number(code);
    start = end + 4;
    // Interim answers (RFC 9110, section 15.2) precede the final one.
    if (status < 200) continue;
    const bodyEnd = status === 204 || status === 304 ? start : endOfBody(bytes, start, head);
    if (typeof bodyEnd === 'string') return bodyEnd === 'until close' ? { status, reusable: false } : bodyEnd;
    if (bodyEnd > bytes.length) return 'incomplete';
    // If bytes follow the end, they answer no request, and the connection cannot be used again.
    return { status, reusable: minor === '1' && bodyEnd === bytes.length && !CLOSE.test(head) };
  }
}

/**
 * Finds the end of a body (RFC 9112, section 6.3). `until close`: the headers do not reliably say where the body ends,
 * so it may go on until the connection closes.
 */
function endOfBody(bytes: Buffer, start: number, head: string): number | 'incomplete' | 'malformed' | 'until close' {
  const length = CONTENT_LENGTH.exec(head)?.[1];
  const encoding = TRANSFER_ENCODING.exec(head)?.[1];
  if (encoding !== undefined) {
    return length === undefined && encoding.toLowerCase() === 'chunked' ? endOfChunks(bytes, start) : 'until close';
  }
  if (length === undefined) return 'until close';
  return /^\d{1,9}$/.test(length) ? start + Number(length) : 'malformed';
}

/**
 * Finds the end of a chunked body (RFC 9112, section 7.1). The body is a list of chunks, each preceded by its size in
 * hexadecimal. The last chunk has size 0. Optional trailers and an empty line follow it.
 */
function endOfChunks(bytes: Buffer, start: number): number | 'incomplete' | 'malformed' {
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return 'incomplete';
    const [, digits] = /^([0-9a-f]{1,7})[ \t]*(?:;|$)/i.exec(bytes.toString('latin1', at, lineEnd)) ?? [];
    if (digits === undefined) return 'malformed';
    const size = Number.parseInt(digits, 16);
    if (size === 0) {
      const empty = bytes.indexOf('\r\n\r\n', lineEnd, 'latin1');
      return empty === -1 ? 'incomplete' : empty + 4;
    }
    at = lineEnd + 2 + size + 2;
  }
}
