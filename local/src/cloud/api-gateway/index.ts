export { PortTakenError } from '../loopback/index.ts';
export { createHttpApi, type HttpApi, type HttpApiOptions } from './http-api.ts';
export type { HttpRoute } from './http-routes.ts';
export type { InvokeFunction } from './invoke.ts';
export type { JwtSettings } from './jwt-authorizer.ts';
export { createWebSocketApi, type WebSocketApi, type WebSocketApiOptions } from './websocket-api.ts';
