import type { IncomingMessage, Server } from 'node:http';
import type { WebSocket } from 'ws';

/**
 * The types in this file describe the classes of serverless-offline that this folder uses or changes. The package does
 * not export its classes, so `load` imports them by path.
 */
export interface WebSocketClients {
  addClient(socket: WebSocket, connectionId: string): void;
  verifyClient(connectionId: string, request: IncomingMessage): Promise<unknown>;
  addRoute(functionKey: string, definition: { route: string }): void;
  send(connectionId: string, payload: string): boolean;
  close(connectionId: string): boolean;
}

export interface WebSocketHttpServer {
  readonly server: Server;
  start(): Promise<void>;
}

export interface LambdaFunction {
  runHandler(): Promise<unknown>;
}

type WebSocketEvent = new (connectionId: string, route: string, body: string) => { create(): object };

const root = import.meta.resolve('serverless-offline');

async function load<T>(path: string): Promise<T> {
  const { default: exported } = (await import(new URL(path, root).href)) as { default: T };
  return exported;
}

async function prototypeOf<T>(path: string): Promise<T> {
  return (await load<{ prototype: T }>(path)).prototype;
}

export async function loadInternals() {
  return {
    clients: await prototypeOf<WebSocketClients>('events/websocket/WebSocketClients.js'),
    http: await prototypeOf<WebSocketHttpServer>('events/websocket/HttpServer.js'),
    lambda: await prototypeOf<LambdaFunction>('lambda/LambdaFunction.js'),
    WebSocketEvent: await load<WebSocketEvent>('events/websocket/lambda-events/WebSocketEvent.js'),
  };
}

export type Internals = Awaited<ReturnType<typeof loadInternals>>;
