import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ServerFrame } from '../../domain/schema.generated.ts';
import type { Credentials } from './sigv4.ts';

interface Api {
  endpoint: string;
  region: string;
  credentials: Credentials;
}

/** Closes connections from the server's side. */
export class ConnectionCloser {
  readonly #client: ApiGatewayManagementApiClient;

  constructor({ endpoint, region, credentials: { sessionToken, ...keys } }: Api) {
    const credentials = { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) };
    // As short as the time-out of a post (management-api.ts), because a fan-out waits for each connection it closes.
    const requestHandler = { connectionTimeout: 1_000, requestTimeout: 1_000, throwOnRequestTimeout: true };
    this.#client = new ApiGatewayManagementApiClient({ endpoint, region, credentials, requestHandler, maxAttempts: 1 });
  }

  /**
   * Sends the frame `last`, if there is one, and closes the connection. Best effort: never throws, because the
   * connection may be gone already. `$disconnect` or TTL removes the connection's row.
   */
  async close(ConnectionId: string, last?: ServerFrame): Promise<void> {
    if (last) {
      const Data = JSON.stringify(last);
      await this.#client.send(new PostToConnectionCommand({ ConnectionId, Data })).catch(() => undefined);
    }
    await this.#client.send(new DeleteConnectionCommand({ ConnectionId })).catch(() => undefined);
  }
}
