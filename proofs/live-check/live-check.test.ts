import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilityNames } from '@top-active/core/contracts';
import { createWorldClient, registerUser, type WorldClient } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { checkStack } from './check-stack.ts';
import { writeReport, type LiveReport } from './report.ts';
import { createSimulatedPerson } from './simulated-person.ts';
import { stepNames, type StepName } from './steps.ts';

const versions = { commit: 'abc1234', library: '1.34.7', chromium: '156.0.0.0' };

describe('the live check, against the stand-in', { timeout: 300_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'live-check-'));
  let stack: Stack;
  let world: WorldClient;

  beforeAll(async () => {
    stack = await bootStack({ dir });
    world = createWorldClient(stack.worldOrigin);
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function check({ number, leavesOut }: { number: number; leavesOut?: StepName[] }) {
    const phones = { own: `551197000000${number}`, second: `552198000000${number}` };
    await world.addPhone({ number: phones.own, name: 'Zuleica Prado' });
    await world.addPhone({ number: phones.second, name: 'Quitéria Ramos' });
    const t = Math.floor(Date.now() / 1000) - 86_400;
    const older = { peer: phones.second, messages: [{ fromMe: false, text: 'Recado de ontem', t }] };
    await world.call('POST', `/whatsapp/phones/${phones.own}/history`, older);
    const owner = await registerUser({
      origin: stack.appOrigin,
      world,
      email: `pessoa${number}@example.com`,
      name: 'Zuleica Prado',
    });
    const guide = createSimulatedPerson({ world, phones, ...(leavesOut && { leavesOut }) });
    const report = await checkStack({ stack, owner, guide, versions, patienceMs: 45_000, everyMs: 200 });
    expect(guide.failures).toEqual([]);
    return report;
  }

  it('passes every step with a person who does what it says, and its report names nobody and nothing they wrote', async () => {
    const report = await check({ number: 1 });
    expect(report.steps.map(({ step, outcome, why }) => [step, outcome, why])).toEqual(
      stepNames.map((name) => [name, 'passed', undefined]),
    );
    expect(report.builds).toHaveLength(1);
    const text = writeReport(report);
    for (const name of [...stepNames, ...capabilityNames]) expect(text).toContain(`| ${name} |`);
    expect(text).toContain('A rehearsal against the stand-in: it proves nothing about WhatsApp.');
    for (const secret of ['Zuleica', 'Quitéria', 'Recado', 'Texto', '5511970000001', '5521980000001', 'example.com'])
      expect(text).not.toContain(secret);
  });

  it('continues after a skipped step, and says so', async () => {
    const leavesOut: StepName[] = ['edit', 'voice', 'restart'];
    const { steps } = await check({ number: 2, leavesOut });
    expect(steps.filter(({ outcome }) => outcome !== 'passed').map(({ step, outcome }) => [step, outcome])).toEqual(
      leavesOut.map((step) => [step, 'skipped']),
    );
  });
});

describe('the report', () => {
  it('says what failed and why', () => {
    const report: LiveReport = {
      at: '2026-11-30T12:00:00.000Z',
      against: 'whatsapp',
      versions,
      builds: [],
      steps: [
        { step: 'link', outcome: 'passed', how: 'checked', ms: 12_340 },
        { step: 'send', outcome: 'failed', how: 'asked', why: 'said_no', ms: 3_000 },
        { step: 'voice', outcome: 'skipped', how: 'checked', ms: 10 },
      ],
    };
    expect(writeReport(report)).toMatch(
      /1 steps passed, 1 failed, 1 skipped[\s\S]*\| send \| failed \(said no\) \| asked \| 3\.0 s \|/,
    );
  });
});
