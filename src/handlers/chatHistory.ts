import { readRoom } from '../domain/admission/read-room.ts';
import { chatHistory } from '../domain/reading/history.ts';
import { pageLimits, queryPorts, readRoomPorts, runtime, tracedEventLog } from '../infra/composition.ts';
import { json, pageSize } from './middleware/http.ts';
import { queryChain } from './query-chain.ts';
import { chatHistoryQuery } from './validators/chatHistoryQuery.generated.js';

/** `GET /chat-history`: a page of messages, newest first. Later events, such as deletions, are already applied. */
export const handler = queryChain('chatHistory', chatHistoryQuery, queryPorts).handler(async (event, { caller }) => {
  const { room = 'lobby', before, limit } = event.queryStringParameters;
  await readRoom(room, caller ?? {}, readRoomPorts(), runtime.now());
  const size = pageSize(limit, pageLimits().pageSizeMax);
  return json(await chatHistory(tracedEventLog(), room, before === undefined ? undefined : Number(before), size));
});
