import { describe, expect, it } from 'vitest';
import { askForSettings, placeholdersOf, readEnvironment } from './config.ts';
import { environments } from './environments.ts';

const { prod } = environments;
const read = (settings: object) => () => readEnvironment('prod', { prod: { ...prod, ...settings } });

describe('configuration', () => {
  it('names the environments there are', () => {
    expect(() => readEnvironment('test')).toThrow(/"test"\. Use one of dev, prod/);
    expect(() => readEnvironment('toString')).toThrow(/Use one of/);
  });

  it.each([
    ['region', { region: 'brazil' }, /region: must be an AWS region like/],
    ['more hosts than shards', { hosts: { ...prod.hosts, max: 17 } }, /hosts\.max: must not be above shards/],
    ['no host', { hosts: { ...prod.hosts, min: 0 } }, /hosts\.min: must be at least 1/],
    [
      'memory that Fargate has not',
      { hosts: { ...prod.hosts, cpu: 1024 } },
      /hosts\.memoryMiB: must be 2048 to 8192 in steps of 1024/,
    ],
    ['memory between two steps', { hosts: { ...prod.hosts, cpu: 8192, memoryMiB: 17_408 } }, /steps of 4096/],
    [
      'address with a scheme',
      { domain: { name: 'https://a.b', hostedZoneId: 'Z1', zoneName: 'b.c' } },
      /domain\.name: must be a domain name/,
    ],
    [
      'domain of another zone',
      { domain: { name: 'app.example.com', hostedZoneId: 'Z1', zoneName: 'example.org' } },
      /domain\.name: must be the zone/,
    ],
    [
      'zone id',
      { domain: { name: 'a.example.com', hostedZoneId: 'example.com', zoneName: 'example.com' } },
      /domain\.hostedZoneId: must be the id/,
    ],
    [
      'sender of another domain',
      { email: { from: 'a@b.com', senderName: 'A', verifiedDomain: 'c.com' } },
      /email\.from: must be an address of/,
    ],
    ['a Google client that is none', { googleClientId: 'abc' }, /googleClientId: must be the client id/],
    ['production that loses data', { keepData: false }, /keepData: must be true for prod/],
    ['misspelt setting', { keepDatta: true }, /keepDatta/],
    ['no receiver of alarms', { alarmEmail: undefined }, /alarmEmail: must be an e-mail address/],
  ])('names the setting and the remedy: %s', (_, settings, message) => {
    expect(read(settings)).toThrow(message);
  });

  it('takes a whole one', () => {
    const settings = {
      network: { hosts: 'nat', natGateways: 2, flowLogs: true },
      domain: { name: 'app.example.com', hostedZoneId: 'Z0123', zoneName: 'example.com' },
      email: { from: 'no-reply@example.com', senderName: 'Top Active', verifiedDomain: 'example.com' },
    };
    expect(read(settings)()).toMatchObject({ ...settings, threatProtection: false });
  });

  it('asks for what still has the value it came with', () => {
    const environment = readEnvironment('prod');
    expect(askForSettings(environment)).toBe(
      'infra/src/environments.ts, environment "prod": replace set-me by your own value for googleClientId, alarmEmail.',
    );
    const own = { ...environment, googleClientId: '1.apps.googleusercontent.com', alarmEmail: 'ops@example.com' };
    expect(askForSettings(own)).toBeUndefined();
    expect(placeholdersOf({ a: { b: 'set-me' }, c: 1, d: 'x' })).toEqual(['a.b']);
  });
});
