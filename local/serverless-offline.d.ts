/** The parts of serverless-offline that are used here. The package has no types. */
declare module 'serverless-offline/lambda' {
  interface LambdaFunction {
    setEvent(event: unknown): void;
    runHandler(): Promise<unknown>;
  }

  export default class Lambda {
    constructor(serverless: object, options: object);
    create(lambdas: readonly { functionKey: string; functionDefinition: object }[]): void;
    get(functionKey: string): LambdaFunction;
    cleanup(): Promise<void>;
  }
}
