export { PortTakenError } from '../loopback/index.ts';
export type { IamSettings } from './iam-authorizer.ts';
export { createHttpApi, type HttpApi, type HttpApiOptions } from './http-api.ts';
export { createWebSocketApi, type WebSocketApi, type WebSocketApiOptions } from './websocket-api.ts';
