import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rehearseRestore } from './rehearse-restore.ts';

const dir = mkdtempSync(join(tmpdir(), 'restore-drill-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

describe('the loss of all tables', () => {
  it(
    'costs nothing up to the restore point, and brings nobody back who was erased',
    { timeout: 240_000, retry: 0 },
    async () => {
      const findings = await rehearseRestore({ dir: join(dir, 'stack'), messages: 3 });
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
      expect(findings).toHaveLength(11);
    },
  );
});
