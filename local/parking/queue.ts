import { readFile } from 'node:fs/promises';
import { replacedFile } from '../replaced-file.ts';

export interface Message {
  body: string;
  /** Time from which the message can be received, ms since 1970. */
  visibleAt: number;
  /** How often the message was received. */
  receives: number;
}

export interface QueuePolicy {
  /** Wait before a failed message is received again, ms. It stands for SQS's visibility timeout. */
  visibilityMs: number;
  maxReceives: number;
}

export interface QueuePorts {
  /** Rejects if the message was not processed. */
  invoke(body: string): Promise<unknown>;
  /** Sends a message to the dead-letter queue, after it was received `maxReceives` times without success. */
  giveUp(body: string): Promise<void>;
  now(): number;
  /** Calls `callback` after `ms` milliseconds. @returns a function that cancels the call */
  after(ms: number, callback: () => void): () => void;
  /** Stores all messages of the queue. */
  save(messages: readonly Message[]): Promise<void>;
  /** Called if `save` or `giveUp` fails after an invocation. The queue goes on. */
  troubled(error: Error): void;
}

/** The longest wait that setTimeout accepts. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * Emulates an SQS queue and its Lambda event source mapping. Passes messages to a function one at a time. Passes a
 * failed message again, until the function succeeds or the message was received `maxReceives` times (SQS Developer
 * Guide, "Visibility timeout" and "Dead-letter queues").
 */
export class Queue {
  readonly #policy: QueuePolicy;
  readonly #ports: QueuePorts;
  readonly #messages: Message[];
  /**
   * Messages whose first save is under way. They are stored with the others, but not processed yet, because a message
   * that could not be saved must not be processed: its sender gets an error.
   */
  readonly #unsaved = new Set<Message>();
  #working: Promise<void> | undefined;
  #cancel = () => {};
  #stopped = false;

  /** @param kept messages that an earlier run has stored */
  constructor(policy: QueuePolicy, ports: QueuePorts, kept: readonly Message[] = []) {
    this.#policy = policy;
    this.#ports = ports;
    this.#messages = kept.map((message) => ({ ...message }));
    this.#wake();
  }

  /** @throws if the message cannot be stored; the message is then not in the queue */
  async send(body: string, delayMs: number): Promise<void> {
    const message = { body, visibleAt: this.#ports.now() + delayMs, receives: 0 };
    this.#unsaved.add(message);
    try {
      await this.#save();
    } finally {
      this.#unsaved.delete(message);
    }
    this.#messages.push(message);
    this.#wake();
  }

  /** Stops the queue. Lets the running invocation finish. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#working;
  }

  #wake(): void {
    this.#cancel();
    if (this.#working || this.#stopped || this.#messages.length === 0) return;
    const wait = Math.min(...this.#messages.map(({ visibleAt }) => visibleAt)) - this.#ports.now();
    this.#cancel = this.#ports.after(Math.min(Math.max(0, wait), LONGEST_WAIT_MS), () => {
      const working = this.#work().catch((error: Error) => this.#ports.troubled(error));
      this.#working = working.finally(() => {
        this.#working = undefined;
        this.#wake();
      });
    });
  }

  async #work(): Promise<void> {
    const due = this.#messages.filter(({ visibleAt }) => visibleAt <= this.#ports.now());
    for (const message of due) {
      if (this.#stopped) return;
      await this.#process(message);
      await this.#save();
    }
  }

  async #process(message: Message): Promise<void> {
    const { invoke, giveUp, now } = this.#ports;
    message.receives++;
    try {
      await invoke(message.body);
    } catch {
      message.visibleAt = now() + this.#policy.visibilityMs;
      if (message.receives < this.#policy.maxReceives) return;
      await giveUp(message.body);
    }
    this.#messages.splice(this.#messages.indexOf(message), 1);
  }

  #save(): Promise<void> {
    return this.#ports.save([...this.#messages, ...this.#unsaved]);
  }
}

/** Returns functions that load a queue's messages from a file and save them there. */
export function messagesIn(file: string): {
  load(): Promise<Message[]>;
  save(messages: readonly Message[]): Promise<void>;
} {
  const write = replacedFile(file);
  return {
    load: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return '[]';
      });
      // Makes every message visible at once, because the process that was working on them has ended. A message that was
      // sent with a delay loses the rest of the delay, too.
      return (JSON.parse(text) as Message[]).map((message) => ({ ...message, visibleAt: 0 }));
    },
    save: (messages) => write(JSON.stringify(messages)),
  };
}
