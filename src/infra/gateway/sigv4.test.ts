import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { SignatureV4 } from '@smithy/signature-v4';
import type { FinalizeRequestMiddleware, HttpRequest } from '@smithy/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeUri, Signer, sha256 } from './sigv4.ts';

/** A hash with the interface that the SDK's signer requires. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: unknown): void {
    this.#hash.update(data as Buffer);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

const printable = (min: number, max: number) =>
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: min,
    maxLength: max,
  });

const requests = fc.record({
  accessKeyId: fc.stringMatching(/^A[A-Z0-9]{15,30}$/),
  secretAccessKey: printable(1, 80),
  sessionToken: fc.option(printable(1, 1_200), { nil: undefined }),
  service: fc.constantFrom('execute-api', 'lambda'),
  region: fc.constantFrom('eu-central-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1'),
  host: fc.stringMatching(/^[a-z0-9]{10}\.execute-api\.[a-z0-9-]{6,14}\.amazonaws\.com$/),
  stage: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  // Real ids look like `L0SM9cOFvHcCIhw=`. Ids of other forms must be signed correctly, too.
  connectionId: fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_+/-]{14,15}=$/),
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((id) => id.isWellFormed() && !/^\.{1,2}$/.test(id)),
  ),
  body: fc.uint8Array({ maxLength: 200 }),
  now: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 11, 31) }),
  method: fc.constantFrom('POST', 'DELETE'),
});

type Generated = typeof requests extends fc.Arbitrary<infer Value> ? Value : never;

function ourHeaders({ region, service, host, stage, connectionId, body, now, method, ...credentials }: Generated) {
  const path = `/${stage}/@connections/${escapeUri(connectionId)}`;
  return {
    path,
    headers: new Signer(credentials, region, host, service).sign(
      method,
      path,
      sha256(method === 'POST' ? body : ''),
      now,
    ),
  };
}

describe('our signature', { timeout: 60_000 }, () => {
  it("equals the SDK signer's for any credentials, connection, body and time", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (generated) => {
        const { method, host: hostname, body } = generated;
        const { path, headers } = ourHeaders(generated);
        const theirs = await sdkSigner(generated).sign({
          method,
          protocol: 'https:',
          hostname,
          path,
          headers: neededHeaders(generated),
          body: method === 'POST' ? body : undefined,
        });
        expect(headers).toEqual(theirs.headers);
      }),
      { numRuns: 3_000 },
    );
  });

  it('equals what the SDK client sends, path and all', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (generated) => {
        const { path, headers } = await requestOfSdkClient(generated);
        expect({ path, headers }).toEqual(ourHeaders(generated));
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes its key with the day and keeps it within one', () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const signer = new Signer(credentials, 'eu-central-1', 'example.org');
    const sign = (now: number) => signer.sign('POST', '/a', sha256(''), now).authorization;
    const days = [Date.UTC(2026, 10, 23, 23, 59, 59), Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 23, 23, 59, 59)];
    const fresh = (now: number) =>
      new Signer(credentials, 'eu-central-1', 'example.org').sign('POST', '/a', sha256(''), now).authorization;
    expect(days.map(sign)).toEqual(days.map(fresh));
  });
});

const neededHeaders = ({ host }: Generated) => ({ host, 'content-type': 'application/octet-stream' });

function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: Generated) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/**
 * Returns the SDK's signer, set to sign at the time `now`. `applyChecksum: false` stops it from adding a header with
 * the body's hash, because our requests have no such header.
 */
function sdkSigner(generated: Generated) {
  const signer = new SignatureV4({
    credentials: credentialsOf(generated),
    region: generated.region,
    service: generated.service,
    sha256: Sha256,
    applyChecksum: false,
  });
  return { sign: (request: HttpRequest) => signer.sign(request, { signingDate: new Date(generated.now) }) };
}

/**
 * Returns the request that the SDK's client would send. Before the client signs it, `strip` removes the headers that
 * our requests do not have.
 */
async function requestOfSdkClient(generated: Generated): Promise<HttpRequest> {
  const { host, stage, connectionId: ConnectionId, body: Data, method, region } = generated;
  let caught: HttpRequest | undefined;
  const client = new ApiGatewayManagementApiClient({
    endpoint: `https://${host}/${stage}`,
    region,
    credentials: credentialsOf(generated),
    signer: async () => sdkSigner(generated),
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: HttpRequest) => {
        caught = request;
        throw new Error('caught');
      },
    },
  });
  const strip: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => (args) => {
    (args.request as HttpRequest).headers = neededHeaders(generated);
    return next(args);
  };
  client.middlewareStack.addRelativeTo(strip, { relation: 'before', toMiddleware: 'httpSigningMiddleware' });
  const sent =
    method === 'POST'
      ? client.send(new PostToConnectionCommand({ ConnectionId, Data }))
      : client.send(new DeleteConnectionCommand({ ConnectionId }));
  await expect(sent).rejects.toThrow('caught');
  return caught!;
}
