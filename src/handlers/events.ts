import { readRoom } from '../domain/admission/read-room.ts';
import { eventsAfter } from '../domain/reading/history.ts';
import { pageLimits, queryPorts, readRoomPorts, runtime, tracedEventLog } from '../infra/composition.ts';
import { json, pageSize } from './middleware/http.ts';
import { queryChain } from './query-chain.ts';
import { eventsQuery } from './validators/eventsQuery.generated.js';

/** `GET /events`: a page of the events after the number `after`, ascending and without a hole. */
export const handler = queryChain('events', eventsQuery, queryPorts).handler(async (event, { caller }) => {
  const { room = 'lobby', after, limit } = event.queryStringParameters;
  await readRoom(room, caller ?? {}, readRoomPorts(), runtime.now());
  const size = pageSize(limit, pageLimits().pageSizeMax);
  return json(await eventsAfter(tracedEventLog(), room, Number(after), size));
});
