export * from './limits.ts';
export * from './shard.ts';
