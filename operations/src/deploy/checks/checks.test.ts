import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '@top-active/infra/config';
import { runQuietly } from '../run-process.ts';
import { startServer } from '../test-support/start-server.ts';
import { lookAtAccount } from './account.ts';
import { lookAtBootstrap } from './bootstrap.ts';
import { runChecks } from './check.ts';
import { lookAtContainerEngine } from './container-engine.ts';
import { lookAtSettings } from './settings.ts';
import { lookAtShards } from './shards.ts';
import { lookAtSynthesis } from './synthesis.ts';

const refusal = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

describe('checks', () => {
  it('tell everything that is wrong at once, but nothing that only follows', async () => {
    const lines: string[] = [];
    const failed = await runChecks(
      [
        { title: 'A', look: () => ({ problem: 'is broken', remedy: 'Mend it.' }) },
        { title: 'B', needs: 'A', look: () => ({ seen: 'never' }) },
        { title: 'C', look: () => ({ seen: 'well', hint: 'Mind this.' }) },
      ],
      (line) => lines.push(line),
    );
    expect(failed).toEqual(['A', 'B']);
    expect(lines.join('\n')).toMatch(/A: is broken\n +Mend it\.\n.*B: not checked.*\n.*C: well\n +Mind this\./);
    expect(lines.join()).not.toContain('never');
  });
});

describe('settings', () => {
  it('are named where they are still placeholders, or wrong', () => {
    expect(lookAtSettings('prod')).toMatchObject({ problem: expect.stringContaining('googleClientId, alarmEmail') });
    expect(lookAtSettings('test')).toMatchObject({ problem: expect.stringContaining('Use one of dev, prod') });
    const own = { ...readEnvironment('prod'), googleClientId: 'x.apps.googleusercontent.com', alarmEmail: 'a@b.co' };
    expect(lookAtSettings('prod', () => own)).toEqual({ seen: 'prod, in sa-east-1' });
  });
});

describe('account', () => {
  const region = 'sa-east-1';

  it('is named, and refused when another one is meant', async () => {
    await using aws = await startServer(() => ({
      body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>
        <Arn>arn:aws:sts::111122223333:assumed-role/Admin/me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    }));
    const sts = new STSClient(aws.client);
    expect(await lookAtAccount(sts, { region })).toEqual({ seen: '111122223333, as assumed-role/Admin/me' });
    expect(await lookAtAccount(sts, { region, expected: '999988887777' })).toMatchObject({
      problem: 'the credentials are of account 111122223333, not 999988887777',
    });
  });

  it('says what is wrong with credentials, and where there are none', async () => {
    await using expired = await startServer(() => ({ status: 403, body: refusal('ExpiredToken', 'too old') }));
    expect(await lookAtAccount(new STSClient(expired.client), { region })).toMatchObject({
      remedy: 'Log in again: aws sso login.',
    });
    await using unknown = await startServer(() => ({ status: 403, body: refusal('InvalidClientTokenId', 'who?') }));
    expect(await lookAtAccount(new STSClient(unknown.client), { region })).toMatchObject({
      remedy: expect.stringContaining('enable the region sa-east-1'),
    });
    const nowhere = new STSClient({ ...unknown.client, endpoint: 'http://127.0.0.1:9' });
    expect(await lookAtAccount(nowhere, { region })).toMatchObject({ problem: 'AWS does not answer in sa-east-1' });
  });
});

describe('shards', () => {
  const template = (shards: number) => {
    const json = JSON.stringify({ Environment: [{ Name: 'SHARDS', Value: String(shards) }] }, undefined, 1);
    const body = json.replaceAll('"', '&quot;');
    return `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
  };

  it.each([
    [200, template(16), { seen: '16' }],
    [
      200,
      template(32),
      { problem: 'shards is 16, but 32 are deployed', remedy: expect.stringContaining('back to 32') },
    ],
    [
      400,
      refusal('ValidationError', 'Stack with id top-active-dev-hosts does not exist'),
      { seen: expect.stringContaining("can't be changed") },
    ],
  ])('must be as many as were deployed at first: %i', async (status, body, finding) => {
    await using aws = await startServer(() => ({ status, body }));
    const found = await lookAtShards(new CloudFormationClient(aws.client), { stage: 'dev', shards: 16 });
    expect(found).toMatchObject(finding);
  });
});

describe('bootstrap', () => {
  const answer = (outputs: string) =>
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CDKToolkit</StackName><Outputs>${outputs}</Outputs>
    </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const version = (value: number) =>
    answer(`<member><OutputKey>BootstrapVersion</OutputKey><OutputValue>${value}</OutputValue></member>`);

  it.each([
    [200, version(28), { seen: 'version 28 in us-east-1' }],
    [200, version(4), { problem: expect.stringContaining('is of version 4') }],
    [200, answer(''), { problem: expect.stringContaining('is incomplete') }],
    [
      400,
      refusal('ValidationError', 'Stack with id CDKToolkit does not exist'),
      { remedy: expect.stringContaining('bootstrap aws://ACCOUNT/us-east-1') },
    ],
    [403, refusal('AccessDenied', 'no'), { remedy: expect.stringContaining('AdministratorAccess') }],
  ])('is judged by what CloudFormation says (%i)', async (status, body, finding) => {
    await using aws = await startServer(() => ({ status, body }));
    expect(await lookAtBootstrap(new CloudFormationClient(aws.client), 'us-east-1')).toMatchObject(finding);
  });
});

describe('container engine', () => {
  const arm = { platform: 'linux', arch: 'arm64', hasArmEmulation: false };

  it('is the one that CDK_DOCKER names; missing, silent and there are three things', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engine-'));
    try {
      const engine = (name: string, script: string) => {
        writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder, name), 0o755);
        return join(folder, name);
      };
      const look = (CDK_DOCKER: string, machine = arm) =>
        lookAtContainerEngine({ env: { CDK_DOCKER }, run: runQuietly, machine });
      expect(await look(join(folder, 'none'))).toMatchObject({ problem: expect.stringContaining('was not found') });
      expect(await look(engine('off', 'echo Cannot connect to the daemon >&2; exit 1'))).toMatchObject({
        problem: expect.stringContaining('(Cannot connect to the daemon)'),
      });
      const on = engine('on', '[ "$1" = info ]');
      expect(await look(on)).toEqual({ seen: `${on} answers` });
      expect(await look(on, { ...arm, arch: 'x64' })).toHaveProperty('hint');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('templates', () => {
  it('are counted, or their error is shown without its stack', async () => {
    const written = 'prod: top-active-prod-network (20), top-active-prod-data (41)\nprod: to be set';
    expect(await lookAtSynthesis(async () => ({ code: 0, output: written, isMissing: false }))).toEqual({
      seen: '2 stacks',
    });
    const output = 'file:///x.ts:3\n  throw\n\nValidationError: hosts.max is wrong\n    at x.ts:3:1\n';
    expect(await lookAtSynthesis(async () => ({ code: 1, output, isMissing: false }))).toMatchObject({
      problem: 'ValidationError: hosts.max is wrong',
    });
  });
});
