export { startSchedule } from './schedule.ts';
export { startSqsEventSource, type SqsEventSourceOptions } from './sqs-event-source.ts';
export { startStreamEventSource, type StreamEventSourceOptions } from './stream-event-source.ts';
export type { EventSource } from './types.ts';
