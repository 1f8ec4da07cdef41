import { ApiGatewayManagementApiClient, DeleteConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Credentials } from './sigv4.ts';

let client: ApiGatewayManagementApiClient | undefined;

/** Closes a connection from the server's side. Best effort: it may be gone already, and its row goes by $disconnect or TTL. */
export async function closeConnection(
  { endpoint, region, credentials }: { endpoint: string; region: string; credentials: Credentials },
  connectionId: string,
): Promise<void> {
  client ??= new ApiGatewayManagementApiClient({
    endpoint,
    region,
    credentials: { ...credentials, sessionToken: credentials.sessionToken as string },
  });
  await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId })).catch(() => undefined);
}
