import { ApiGatewayManagementApiClient, DeleteConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
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
    this.#client = new ApiGatewayManagementApiClient({ endpoint, region, credentials, maxAttempts: 2 });
  }

  /** Best effort, never throws: it may be gone already, and its row goes by $disconnect or TTL. */
  async close(ConnectionId: string): Promise<void> {
    await this.#client.send(new DeleteConnectionCommand({ ConnectionId })).catch(() => undefined);
  }
}
