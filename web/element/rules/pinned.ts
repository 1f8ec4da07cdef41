import { html, nothing, type TemplateResult } from 'lit/html.js';
import { mergePage } from '../../../src/domain/feed/feed.ts';
import type { Message, Pinned as Place } from '../../../src/domain/schema.generated.ts';
import { isHistoryPage } from '../../client/wire.ts';
import type { Room } from '../behaviour/room.ts';
import type { Snapshot } from '../client.ts';
import { icon } from '../views/icons.ts';

/** Minimum time between a failed request for the pinned message and the next one, ms. */
const ASK_AGAIN_MS = 10_000;

const pin = icon('M7 3.5h6M8 3.5v5l-2.5 3h9L12 8.5v-5M10 11.5v5');

/** The pinned message, shown above the feed. If the message is not among the loaded ones, it is fetched. */
export class Pinned {
  readonly #room: Room;
  readonly #loaded: () => void;
  /** The last request for a pinned message. `again`: time from which it may be repeated, ms since 1970. */
  #asked: { place: Place; again: number } | undefined;
  #older: Message | undefined;

  constructor(room: Room, loaded: () => void) {
    this.#room = room;
    this.#loaded = loaded;
  }

  render(snapshot: Snapshot, label: string): TemplateResult | typeof nothing {
    const place = snapshot.feed.rules?.pinned;
    const message = place ? this.#find(snapshot, place) : undefined;
    if (message?.text === undefined) return nothing;
    return html`<details class="pinned"><summary aria-label="${label}: ${message.actor.name}: ${message.text}"
        >${pin}<span dir="auto"><bdi class="author">${message.actor.name}</bdi> ${message.text}</span></summary
      ><p class="text" dir="auto">${message.text}</p></details>`;
  }

  /** Returns the pinned message in its current state: it may have been deleted or hidden since it was fetched. */
  #find({ feed }: Snapshot, place: Place): Message | undefined {
    const { id } = place;
    const known = feed.messages.find((message) => message.id === id);
    if (known) return known;
    // A feed that was loaded anew has a new `place`. It may lack the deletion of a message that was fetched before, so
    // the message is fetched again.
    if (this.#asked?.place !== place) this.#older = undefined;
    if (this.#asked?.place !== place || this.#asked.again <= Date.now()) void this.#load(place);
    return this.#older?.id === id ? mergePage({ ...feed, messages: [] }, [this.#older]).messages[0] : undefined;
  }

  async #load(place: Place): Promise<void> {
    const { id, seq } = place;
    const asked = { place, again: Number.POSITIVE_INFINITY };
    this.#asked = asked;
    const page = await this.#room.client?.get('chat-history', { before: seq + 1, limit: 1 }).catch(() => undefined);
    // A newer request has replaced this one.
    if (this.#asked !== asked) return;
    if (!isHistoryPage(page)) {
      asked.again = Date.now() + ASK_AGAIN_MS;
      return;
    }
    this.#older = page.messages.find((message) => message.id === id);
    this.#loaded();
  }
}
