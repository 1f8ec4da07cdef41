import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Parked, Parking } from '../../domain/ports/parking.ts';
import type { Credentials } from '../gateway/sigv4.ts';

interface Queue {
  url: string;
  region: string;
  credentials: Credentials;
}

/** Parks events in an SQS queue. Lambda passes the queue's messages to the function `redrive`. */
export class SqsParking implements Parking {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor({ url, region, credentials: { sessionToken, ...keys } }: Queue) {
    const credentials = { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const requestHandler = { connectionTimeout: 1_000, requestTimeout: 1_000, throwOnRequestTimeout: true };
    this.#client = new SQSClient({ region, credentials, requestHandler, maxAttempts: 3 });
    this.#url = url;
  }

  async park(parked: Parked, DelaySeconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({ QueueUrl: this.#url, MessageBody: JSON.stringify(parked), DelaySeconds }),
    );
  }
}
