import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

interface SendMessage {
  MessageBody: string;
  DelaySeconds?: number;
}

/**
 * Listens at `url` and answers SendMessage. The functions make no other request to SQS.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 *
 * @returns a function that stops the server
 */
export async function serveQueue(
  url: string,
  send: (body: string, delayMs: number) => Promise<void>,
): Promise<() => void> {
  const server = createServer(async (request, response) => {
    if (request.headers['x-amz-target'] !== 'AmazonSQS.SendMessage') {
      response.writeHead(400).end();
      return;
    }
    try {
      const { MessageBody, DelaySeconds = 0 } = (await json(request)) as SendMessage;
      await send(MessageBody, DelaySeconds * 1_000);
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ MessageId: randomUUID(), MD5OfMessageBody }));
    } catch {
      // The message could not be read or stored. After this answer, the SDK tries again.
      response.writeHead(500).end();
    }
  });
  const { hostname, port } = new URL(url);
  server.listen(Number(port), hostname);
  await once(server, 'listening');
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
