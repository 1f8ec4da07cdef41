import type Lambda from 'serverless-offline/lambda';

/** Invokes a function by its key in serverless.yml. */
export type Invoke = (functionKey: string, event: object) => Promise<unknown>;

interface Serverless {
  service: {
    functions: Readonly<Record<string, object>>;
    custom: { 'serverless-offline': object };
  };
}

/**
 * Returns an `Invoke` that calls a handler as serverless-offline does for an HTTP request: in this process, with the
 * same environment and context.
 */
export function createInvoke(serverless: Serverless): Invoke {
  let lambda: Promise<Lambda> | undefined;
  return async (functionKey, event) => {
    lambda ??= createLambda(serverless);
    const instance = (await lambda).get(functionKey);
    instance.setEvent(event);
    return instance.runHandler();
  };
}

async function createLambda(serverless: Serverless): Promise<Lambda> {
  const { default: Lambda } = await import('serverless-offline/lambda');
  const { functions, custom } = serverless.service;
  const lambda = new Lambda(serverless, custom['serverless-offline']);
  lambda.create(
    Object.entries(functions).map(([functionKey, functionDefinition]) => ({ functionKey, functionDefinition })),
  );
  return lambda;
}
