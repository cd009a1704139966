export * from './default-profile.ts';
export * from './delivery.ts';
export * from './free-slots.ts';
export * from './limits.ts';
export * from './link-status.ts';
export * from './message-id.ts';
export * from './shard.ts';
export * from './wa-id.ts';
