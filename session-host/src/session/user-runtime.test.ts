import { linkStates } from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import { shouldResume } from './user-runtime.ts';

describe('what is taken up after a restart of the host', () => {
  it('is what its owner wants and what had not ended', () => {
    expect(linkStates.filter((state) => shouldResume({ desired: 'on', state }))).toEqual([
      'starting',
      'qr',
      'code',
      'scanned',
      'passkey',
      'code_comparison',
      'syncing',
      'linked',
      'reconnecting',
      'failed',
    ]);
  });

  it('is nothing that was ended since nobody used it, but what had no room before', () => {
    expect(shouldResume({ desired: 'on', state: 'failed', failure: 'idle' })).toBe(false);
    expect(shouldResume({ desired: 'on', state: 'failed', failure: 'host_busy' })).toBe(true);
  });

  it('is nothing that its owner has stopped', () => {
    expect(linkStates.filter((state) => shouldResume({ desired: 'off', state }))).toEqual([]);
  });
});
