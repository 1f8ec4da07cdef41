import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

const CONTENT_TYPE = 'application/octet-stream';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/**
 * Signs requests, mainly POSTs to `@connections`, with AWS Signature Version 4.
 *
 * A signature is cheaper than with the SDK's signer: one hash and one HMAC. This signer keeps the signing key, which is
 * valid for a day. The caller hashes the body once, because a fan-out posts the same body to every connection.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class Signer {
  readonly #credentials: Credentials;
  readonly #region: string;
  readonly #host: string;
  readonly #service: string;
  #day = '';
  #key: KeyObject | undefined;

  constructor(credentials: Credentials, region: string, host: string, service = 'execute-api') {
    this.#service = service;
    this.#credentials = credentials;
    this.#region = region;
    this.#host = host;
  }

  /**
   * @param path the request's path as it is sent: percent-encoded once, with no query
   * @param bodyHash lower-case hex SHA-256 of the body
   * @param now ms since 1970
   * @returns the headers to send; all of them are signed, except `authorization` itself
   */
  sign(method: string, path: string, bodyHash: string, now: number): Record<string, string> {
    const { accessKeyId, sessionToken } = this.#credentials;
    const time = amzDate(now);
    const day = time.slice(0, 8);
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const tokenLine = sessionToken ? `x-amz-security-token:${sessionToken}\n` : '';
    const signedHeaders = `content-type;host;x-amz-date${sessionToken ? ';x-amz-security-token' : ''}`;
    const canonical = `${method}\n${encodeTwice(path)}\n\ncontent-type:${CONTENT_TYPE}\nhost:${this.#host}\nx-amz-date:${time}\n${tokenLine}\n${signedHeaders}\n${bodyHash}`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', this.#signingKey(day)).update(toSign).digest('hex');
    const headers: Record<string, string> = {
      'content-type': CONTENT_TYPE,
      host: this.#host,
      'x-amz-date': time,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    };
    if (sessionToken) headers['x-amz-security-token'] = sessionToken;
    return headers;
  }

  #signingKey(day: string): KeyObject {
    if (!this.#key || day !== this.#day) {
      const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
      const dated = hmac(`AWS4${this.#credentials.secretAccessKey}`, day);
      // Keeps a KeyObject, because creating one from a Buffer costs several times as much as the HMAC itself.
      this.#key = createSecretKey(hmac(hmac(hmac(dated, this.#region), this.#service), 'aws4_request'));
      this.#day = day;
    }
    return this.#key;
  }
}

/** Returns the canonical path: the sent path, encoded once more (%3D becomes %253D). Only S3 does not do so. */
function encodeTwice(path: string): string {
  return escapeUri(path).replaceAll('%2F', '/');
}

/** Percent-encodes all but RFC 3986's unreserved characters. encodeURIComponent also leaves `!'()*` as they are. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

let lastSecond = -1;
let lastDate = '';

/** Returns a time such as `20261123T215205Z`. Formats it only if the second differs from that of the last call. */
function amzDate(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastDate = `${new Date(second * 1_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  }
  return lastDate;
}
