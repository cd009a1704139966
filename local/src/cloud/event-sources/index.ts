export { matchesAny, type FilterPattern } from './filter-criteria.ts';
export { startSchedule } from './schedule.ts';
export { startSqsEventSource } from './sqs-event-source.ts';
export { startStreamEventSource } from './stream-event-source.ts';
export type { EventSource, InvokeFunction } from './types.ts';
