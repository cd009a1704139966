import { metrics, type Log } from '@top-active/aws';

export type TellDamage = (what: string, fields: Record<string, number>, error?: unknown) => void;

/** Counts what is wrong with checkpoints, and raises an alarm in the log. */
export function createTellDamage(log: Log): TellDamage {
  return (what, fields, error) => {
    metrics.emit('CheckpointsDamaged');
    log.error(`ALARM: ${what}`, fields, error);
  };
}
