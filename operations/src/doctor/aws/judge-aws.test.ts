import { describe, expect, it } from 'vitest';
import { judgeAlarms } from './alarms.ts';
import { judgeBackups } from './backups.ts';
import { judgeCredentials } from './credentials.ts';
import { judgeDeadLetters } from './dead-letters.ts';
import { judgeEmail } from './email.ts';
import { judgeGoogleSecret, kindOfSecret } from './google-secret.ts';
import { judgeHosts } from './hosts.ts';
import { judgeQuota } from './quotas.ts';
import { judgeSettings } from './settings.ts';
import { judgeStacks } from './stacks.ts';
import { judgeStream } from './streams.ts';
import { judgeApi, judgeWeb } from './web.ts';

const now = new Date('2026-11-25T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const days = (count: number) => new Date(now.getTime() + count * 24 * 3600_000);
const error = (name: string, message = '') => ({ error: { name, message } });
const account = { id: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/Admin/lucia' };
const stack = (part: string, status?: string) => ({ part, status });
const table = (name: string, change: object = {}) => ({
  table: name,
  isOn: true,
  newest: minutesAgo(4),
  days: 35,
  ...change,
});
const mapping = { id: 'a', source: 'stream/2', state: 'Enabled', isInStack: true };
const streamOf = (...mappings: object[]) => ({
  table: 'items',
  stream: 'stream/2',
  mappings: mappings.map((change) => ({ ...mapping, ...change })),
});
const page = { address: 'https://app.example.com', status: 200, isOurPage: true };

describe('an account', () => {
  it.each([
    ['placeholders', judgeSettings(['googleClientId']), 'fail'],
    ['own settings', judgeSettings([]), 'ok'],
    ['no credentials', judgeCredentials(error('CredentialsProviderError'), 'us-east-1'), 'fail'],
    ['expired credentials', judgeCredentials(error('ExpiredTokenException'), 'us-east-1'), 'fail'],
    ['no network', judgeCredentials(error('Error', 'getaddrinfo ENOTFOUND sts'), 'us-east-1'), 'fail'],
    ['another refusal', judgeCredentials(error('AccessDenied', 'no'), 'us-east-1'), 'fail'],
    ['credentials', judgeCredentials(account, 'us-east-1'), 'ok'],
    ['no stack', judgeStacks([stack('data'), stack('web')]), 'fail'],
    ['a missing stack', judgeStacks([stack('data', 'CREATE_COMPLETE'), stack('web')]), 'fail'],
    ['a failed stack', judgeStacks([stack('data', 'UPDATE_ROLLBACK_FAILED')]), 'fail'],
    ['an undone deployment', judgeStacks([stack('data', 'UPDATE_ROLLBACK_COMPLETE')]), 'warn'],
    ['a deployment under way', judgeStacks([stack('data', 'UPDATE_IN_PROGRESS')]), 'warn'],
    ['whole stacks', judgeStacks([stack('data', 'CREATE_COMPLETE'), stack('web', 'UPDATE_COMPLETE')]), 'ok'],
    ['no address', judgeWeb({ address: undefined }, now), 'fail'],
    ['a silent address', judgeWeb({ address: page.address }, now), 'fail'],
    ['no web app', judgeWeb({ ...page, status: 403 }, now), 'fail'],
    ['a foreign page', judgeWeb({ ...page, isOurPage: false }, now), 'fail'],
    ['an old certificate', judgeWeb({ ...page, certificateEndsAt: days(5) }, now), 'warn'],
    ['the web app', judgeWeb({ ...page, certificateEndsAt: days(100) }, now), 'ok'],
    ['a silent API', judgeApi(undefined), 'fail'],
    ['a broken API', judgeApi(500), 'fail'],
    ['a healthy API', judgeApi(200), 'ok'],
    ['no service', judgeHosts(undefined), 'fail'],
    ['hosts held back', judgeHosts({ desired: 0, running: 0, healthy: 0, rollout: 'COMPLETED' }), 'fail'],
    ['dead hosts', judgeHosts({ desired: 1, running: 0, healthy: 0, rollout: 'COMPLETED' }), 'fail'],
    ['a failed rollout', judgeHosts({ desired: 1, running: 1, healthy: 1, rollout: 'FAILED' }), 'fail'],
    ['a starting host', judgeHosts({ desired: 1, running: 1, healthy: 0, rollout: 'COMPLETED' }), 'warn'],
    ['healthy hosts', judgeHosts({ desired: 1, running: 1, healthy: 1, rollout: 'COMPLETED' }), 'ok'],
    ['no alarms', judgeAlarms([]), 'warn'],
    ['a ringing alarm', judgeAlarms([{ name: 'a', state: 'ALARM', description: 'Impact: x' }]), 'fail'],
    ['quiet alarms', judgeAlarms([{ name: 'a', state: 'OK', description: '' }]), 'ok'],
    ['no dead-letter queues', judgeDeadLetters([]), 'fail'],
    ['dead letters', judgeDeadLetters([{ name: 'Assistant', messages: 2 }]), 'fail'],
    ['empty queues', judgeDeadLetters([{ name: 'Assistant', messages: 0 }]), 'ok'],
    ['no secret', judgeGoogleSecret('absent'), 'fail'],
    ['an empty secret', judgeGoogleSecret(kindOfSecret(' ')), 'fail'],
    ['the generated secret', judgeGoogleSecret(kindOfSecret('x9#kd8Lz')), 'warn'],
    ['a Google secret', judgeGoogleSecret(kindOfSecret('GOCSPX-abc')), 'ok'],
    ['no user pool', judgeEmail(undefined), 'fail'],
    ['e-mails that fail', judgeEmail({ sender: 'DEVELOPER', failure: 'not verified' }), 'fail'],
    ['Cognito’s e-mail', judgeEmail({ sender: 'COGNITO_DEFAULT', failure: undefined }), 'warn'],
    ['SES', judgeEmail({ sender: 'DEVELOPER', failure: undefined }), 'ok'],
    ['no tables', judgeBackups([], now), 'fail'],
    ['a table without recovery', judgeBackups([table('Items', { isOn: false })], now), 'fail'],
    ['an old recovery point', judgeBackups([table('Items', { newest: minutesAgo(60) })], now), 'warn'],
    ['keys that stay too long', judgeBackups([table('Keys', { days: 35 })], now), 'fail'],
    ['backups', judgeBackups([table('Items'), table('Keys', { days: 1 })], now), 'ok'],
    ['no table of chats', judgeStream(undefined), 'fail'],
    ['a stream that nobody reads', judgeStream(streamOf({ source: 'stream/1' })), 'fail'],
    ['no stream', judgeStream({ ...streamOf({ source: 'stream/1' }), stream: undefined }), 'fail'],
    ['a mapping that is disabled', judgeStream(streamOf({ state: 'Disabled' })), 'fail'],
    ['a mapping that a restore has made', judgeStream(streamOf({ isInStack: false })), 'warn'],
    ['a mapping of before the restore', judgeStream(streamOf({}, { source: 'stream/1' })), 'warn'],
    ['a stream that is read', judgeStream(streamOf({})), 'ok'],
    ['a small quota', judgeQuota({ allowed: 10, amount: 100, why: 'x' }), 'fail'],
    ['an unknown quota', judgeQuota({ allowed: undefined, amount: 4, why: 'x' }), 'fail'],
    ['room', judgeQuota({ allowed: 1000, amount: 100, why: 'x' }), 'ok'],
  ])('with %s', (_, finding, status) => {
    expect(finding.status).toBe(status);
    expect(finding.remedy === undefined).toBe(status === 'ok');
  });

  it('is never shown a secret', () => {
    for (const value of ['GOCSPX-abcdef', 'x9#kd8Lz'])
      expect(JSON.stringify(judgeGoogleSecret(kindOfSecret(value)))).not.toContain(value);
  });
});
