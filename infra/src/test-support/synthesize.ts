import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functions } from '@top-active/lambdas/functions';
import { readEnvironment, type Environment } from '../config.ts';
import { environments } from '../environments.ts';
import { makeApp } from '../make-app.ts';
import { stackName, type StackPart } from '../stack-name.ts';

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
}

interface Template {
  Resources: Record<string, Resource>;
}

interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Templates of one environment, with empty files in place of the functions' bundles. */
export interface Synthesized {
  /** Template of each stack, by its part of the name. */
  templates: ReadonlyMap<string, Template>;
  /** Resources of one stack, by type if one is given. */
  resources: (part: StackPart, type?: string) => Resource[];
  /** Resources of all stacks. */
  all: (type: string) => Resource[];
  /** Statements of all policies that hang on a role. */
  statements: () => Statement[];
}

/** @param settings in place of those in `environments.ts` */
export function synthesize(stage: 'dev' | 'prod', settings: Partial<Environment> = {}): Synthesized {
  const environment = readEnvironment(stage, { [stage]: { ...environments[stage], ...settings } });
  const folder = mkdtempSync(join(tmpdir(), 'infra-'));
  for (const { name } of functions) {
    mkdirSync(join(folder, 'bundles', name), { recursive: true });
    writeFileSync(join(folder, 'bundles', name, 'index.mjs'), 'export const handler = () => {};');
  }
  const { stacks } = makeApp({ environment, bundles: join(folder, 'bundles'), outdir: join(folder, 'out') }).synth();
  const templates = new Map(
    stacks.map(({ stackName: name, template }) => [name.replace(`top-active-${stage}-`, ''), template as Template]),
  );
  rmSync(folder, { recursive: true });
  const resourcesOf = ({ Resources }: Template, type?: string) =>
    Object.values(Resources).filter((resource) => !type || resource.Type === type);
  const all = (type: string) => [...templates.values()].flatMap((template) => resourcesOf(template, type));
  return {
    templates,
    resources: (part, type) => {
      const template = templates.get(part);
      if (!template) throw new Error(`There is no stack ${stackName({ stage }, part)}`);
      return resourcesOf(template, type);
    },
    all,
    statements: () =>
      all('AWS::IAM::Policy').flatMap(
        ({ Properties }) => (Properties?.PolicyDocument as { Statement: Statement[] } | undefined)?.Statement ?? [],
      ),
  };
}
