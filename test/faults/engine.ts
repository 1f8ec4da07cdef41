import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { engineBinary } from '../../local/engine.ts';
import { freePort } from '../../local/ports.ts';

/** Settings that the AWS SDK requires. */
export const AWS_ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** The DynamoDB engine of a run: a child process that stores its data in a file, or the engine at DYNAMODB_ENDPOINT. */
export class Engine {
  readonly endpoint: string;
  readonly #command: [string, string[]] | undefined;
  #process: ChildProcess | undefined;

  private constructor(endpoint: string, command: [string, string[]] | undefined) {
    this.endpoint = endpoint;
    this.#command = command;
  }

  static async start(dir: string): Promise<Engine> {
    Object.assign(process.env, AWS_ENVIRONMENT);
    const given = process.env.DYNAMODB_ENDPOINT;
    if (given) return new Engine(given, undefined);
    const port = await freePort();
    const args = ['serve', '--port', String(port), '--db-path', join(dir, 'faults.sqlite')];
    const engine = new Engine(`http://127.0.0.1:${port}`, [engineBinary(), args]);
    await engine.start();
    return engine;
  }

  async start(): Promise<void> {
    if (!this.#command) return;
    const child = spawn(...this.#command, { stdio: 'ignore' });
    this.#process = child;
    process.once('exit', () => child.kill('SIGKILL'));
    const client = new DynamoDBClient({ endpoint: this.endpoint, maxAttempts: 1_000, retryMode: 'standard' });
    await client.send(new ListTablesCommand());
    client.destroy();
  }

  /**
   * Kills the child process with SIGKILL, if there is one. No answered write is lost, because the engine writes to its
   * file before it answers.
   */
  async kill(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
