export * from './api-client.ts';
export * from './app-user.ts';
export * from './realtime-client.ts';
export * from './until.ts';
export * from './world-client.ts';
