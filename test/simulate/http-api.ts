import { FunctionError, type Lambda } from './lambda.ts';
import type { Trace } from './trace.ts';

const FUNCTIONS: Record<string, string> = { '/config': 'config', '/chat-history': 'chatHistory', '/events': 'events' };

export interface HttpAnswer {
  status: number;
  body: string;
}

/** API Gateway's HTTP API in front of the read functions. */
export class HttpApi {
  readonly #lambda: Lambda;
  readonly #trace: Trace;

  constructor(lambda: Lambda, trace: Trace) {
    this.#lambda = lambda;
    this.#trace = trace;
  }

  async get(url: URL, headers: Record<string, string>): Promise<HttpAnswer> {
    const name = FUNCTIONS[url.pathname];
    if (!name) return { status: 404, body: '{"message":"Not Found"}' };
    const { size } = url.searchParams;
    const event = {
      headers,
      ...(size > 0 && { queryStringParameters: Object.fromEntries(url.searchParams) }),
      requestContext: { http: { method: 'GET', path: url.pathname } },
    };
    const answer = await this.#lambda.invoke(name, event).catch((error) => {
      if (!(error instanceof FunctionError)) throw error;
      return { statusCode: 503, body: '{"message":"Service Unavailable"}' };
    });
    const { statusCode: status, body } = answer as { statusCode: number; body: string };
    this.#trace.add('http', `${url.pathname}${url.search} ${status} ${body}`);
    return { status, body };
  }
}
