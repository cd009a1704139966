import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { makeTestApp, synthesize } from './test-support/synthesize.ts';

const folder = mkdtempSync(join(tmpdir(), 'templates-'));
const engine = new RegoEngine();
afterAll(() => {
  engine.free();
  rmSync(folder, { recursive: true });
});

function findings(name: string, template: unknown): string[] {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(template));
  const { diagnostics } = engine.validateStandard(new TemplateFile(path), {
    severityLevel: 'WARN',
    // A dependency that is there twice: the CDK makes functions wait for the policies of their roles that way.
    exclude: { ids: ['W3005'] },
  });
  return diagnostics.map(({ ruleId, message, propertyPath }) => `${ruleId} ${propertyPath ?? ''}: ${message}`);
}

describe.each(['dev', 'prod'] as const)("CloudFormation's own rules for %s", (stage) => {
  it.each([...synthesize(stage).templates])('stack %s breaks none', (part, template) => {
    expect(findings(`${stage}-${part}`, template)).toEqual([]);
  });
});

it('finds what is wrong', () => {
  const template = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'long' } } } };
  expect(findings('wrong', template).join()).toContain('VisibilityTimeout');
});

it('refuses a stack that breaks a rule of cdk-nag without a reason', () => {
  const { app, folder } = makeTestApp('dev');
  const bare = new Bucket(new Stack(app, 'Bare'), 'Files');
  expect(() => app.synth()).toThrow(/[Vv]alidation/);
  expect(bare.node.path).toBe('Bare/Files');
  rmSync(folder, { recursive: true });
});
