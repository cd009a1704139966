import { paginateDescribeAlarms, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';

export interface AlarmState {
  name: string;
  state: string;
  /** States the impact. */
  description: string;
}

export function alarmsCheck(cloudWatch: CloudWatchClient, { prefix }: { prefix: string }): Check {
  return { title: 'Alarms', look: async () => judgeAlarms(await readAlarms(cloudWatch, prefix)) };
}

export function judgeAlarms(alarms: readonly AlarmState[]): Finding {
  if (alarms.length === 0) return warn('there are none', 'Deploy: npm run deploy');
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  if (ringing.length === 0) return ok(`none of ${alarms.length} in ALARM`);
  const [first] = ringing;
  return fail(
    `${ringing.length} of ${alarms.length} in ALARM: ${ringing.map(({ name }) => name).join(', ')}`,
    first?.description || 'See the alarm’s metric in CloudWatch.',
  );
}

async function readAlarms(client: CloudWatchClient, AlarmNamePrefix: string): Promise<AlarmState[]> {
  const alarms: AlarmState[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix }))
    for (const { AlarmName = '', StateValue = '', AlarmDescription = '' } of page.MetricAlarms ?? [])
      alarms.push({ name: AlarmName, state: StateValue, description: AlarmDescription });
  return alarms;
}
