import { openChannel } from './channel.ts';
import { CHANNEL, type Message, read } from './messages.ts';

const RECEIPT_MS = 1_000;

/**
 * Passes an issuer's answer to the page of this origin that waits for it. @returns whether a page confirmed it in time
 */
export function relay(params: URLSearchParams): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const channel = openChannel(CHANNEL);
  if (!channel) return Promise.resolve(false);
  const timeout = setTimeout(() => resolve(false), RECEIPT_MS);
  channel.onmessage = ({ data }) => {
    const message = read(data);
    if (message?.type === 'shout-box:received' && message.challenge === params.get('challenge')) resolve(true);
  };
  channel.postMessage({ type: 'shout-box:answer', params: String(params) } satisfies Message);
  return promise.finally(() => {
    clearTimeout(timeout);
    channel.close();
  });
}
