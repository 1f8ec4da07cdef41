import { once } from 'node:events';
import { exportJWK, generateKeyPair } from 'jose';
import { createIssuer, type IssuerOptions } from '../../../local/issuer/provider.ts';
import { freePort } from '../../../local/ports.ts';

export interface Issuer extends AsyncDisposable {
  url: string;
  /** Whether the issuer's pages sever themselves from their opener, as those of Cognito and Entra ID do. */
  severs: boolean;
  /** Lifetime of the access tokens, s. */
  tokenSeconds: number;
  /** Origins that may call the token endpoint. */
  allowedOrigins: readonly string[];
  /** Changes the authorization response on its way to the callback page, as an attacker in between would. */
  tamper: ((answer: URL) => void) | undefined;
}

/** Starts the issuer of `npm start` on a free port. */
export async function startIssuer(redirectUri: string): Promise<Issuer> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'test' };
  // The port is chosen first, because the issuer's tokens contain its address.
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const options: IssuerOptions = {
    url,
    clientId: 'shout-box',
    audience: 'https://shout-box.example',
    nameClaim: 'name',
    roleClaim: 'roles',
    tokenSeconds: 3_600,
    redirectUris: [redirectUri],
    allowedOrigins: ['*'],
    key,
  };
  const server = createIssuer(options);
  const issuer: Issuer = {
    url,
    severs: false,
    get tokenSeconds() {
      return options.tokenSeconds;
    },
    set tokenSeconds(seconds) {
      options.tokenSeconds = seconds;
    },
    get allowedOrigins() {
      return options.allowedOrigins;
    },
    set allowedOrigins(origins) {
      options.allowedOrigins = origins;
    },
    tamper: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.prependListener('request', (_request, response) => {
    if (issuer.severs) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      const answer = name.toLowerCase() === 'location' ? URL.parse(String(value)) : null;
      if (!answer?.href.startsWith(redirectUri)) return setHeader(name, value);
      issuer.tamper?.(answer);
      return setHeader(name, answer.href);
    };
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return issuer;
}
