import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startSchedule } from './index.ts';

describe('schedule', () => {
  it('invokes again and again, never twice at once', async () => {
    let [runs, atOnce, most] = [0, 0, 0];
    const schedule = startSchedule({
      functionName: 'maintenance',
      everyMs: 5,
      invoke: async () => {
        most = Math.max(most, (atOnce += 1));
        await pause(12);
        atOnce -= 1;
        runs += 1;
      },
      onError: () => undefined,
    });
    await expect.poll(() => runs, { timeout: 5_000 }).toBeGreaterThan(3);
    await schedule.stop();
    expect(most).toBe(1);
    expect(atOnce).toBe(0);
  });

  it('hands over the event of EventBridge, and goes on after a failure', async () => {
    const events: unknown[] = [];
    const errors: unknown[] = [];
    const schedule = startSchedule({
      functionName: 'maintenance',
      everyMs: 5,
      invoke: (_, event) => {
        events.push(event);
        return Promise.reject(new Error('cannot'));
      },
      onError: (error) => errors.push(error),
    });
    await expect.poll(() => errors.length, { timeout: 5_000 }).toBeGreaterThan(1);
    await schedule.stop();
    expect(events[0]).toMatchObject({
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: ['arn:aws:events:us-east-1:000000000000:rule/maintenance'],
      detail: {},
    });
  });
});
