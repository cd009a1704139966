import { describe, expect, it } from 'vitest';
import { envToConfig } from './config.ts';
import { readEnv } from './read-env.ts';

const complete = {
  STAGE: 'test',
  ITEMS_TABLE: 'items',
  KEYS_TABLE: 'keys',
  PLACEMENTS_TABLE: 'placements',
  LEASES_TABLE: 'leases',
  HOST_ACCESS_ENDPOINT: 'http://127.0.0.1:1',
  KMS_KEY_ID: 'key',
  SHARDS: '16',
  WAKE_QUEUE_URL_TEMPLATE: 'http://127.0.0.1:1/wake-{shard}.fifo',
  REALTIME_ENDPOINT: 'http://127.0.0.1:1/live',
  SCRATCH_DIR: '/scratch/',
  CHECKPOINT_DIR: '/efs',
  CHROMIUM_PATH: '/usr/lib/chromium/chromium-headless-shell',
  HEALTH_PORT: '8080',
};

describe('settings of the session host', () => {
  it('have defaults that fit a deployment', () => {
    const config = envToConfig(readEnv(complete));
    expect(config).toMatchObject({
      scratchDir: '/scratch',
      maxSessions: 50,
      shards: 16,
      stopTimeoutMs: 25_000,
      browser: { extraArgs: [] },
      egressHosts: ['web.whatsapp.com', '*.whatsapp.com', '*.whatsapp.net'],
      browserUsersDir: undefined,
      health: { port: 8080, address: '127.0.0.1' },
    });
  });

  it('let pages reach any host only where WhatsApp is simulated', () => {
    expect(() => readEnv({ ...complete, BROWSER_EGRESS: 'any' })).toThrow(/BROWSER_EGRESS: any is for the simulated/);
    expect(envToConfig(readEnv({ ...complete, SIMULATED: 'true', BROWSER_EGRESS: 'any' })).egressHosts).toBeUndefined();
    for (const wrong of ['*', '*.com', 'https://web.whatsapp.com', 'web.whatsapp.com,', ''])
      expect(() => readEnv({ ...complete, BROWSER_EGRESS: wrong }), wrong).toThrow(/BROWSER_EGRESS/);
  });

  it('say everything that is wrong at once, and no value', () => {
    const broken = { ...complete, SHARDS: undefined, BROWSER_ARGS: 'secret', BROWSER_USERS_DIR: 'relative' };
    expect(() => readEnv(broken)).toThrow(/SHARDS.*BROWSER_ARGS.*BROWSER_USERS_DIR/);
    expect(() => readEnv(broken)).not.toThrow(/secret/);
  });
});
