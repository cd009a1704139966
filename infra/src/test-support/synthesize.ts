import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
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
  Outputs?: Record<string, unknown>;
}

export interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Templates of one environment. */
export interface Synthesized {
  /** Template of each stack, by its part of the name. */
  templates: ReadonlyMap<string, Template>;
  /** Resources of one stack, by type if one is given. */
  resources: (part: StackPart, type?: string) => Resource[];
  /** Resources of all stacks. */
  all: (type: string) => Resource[];
  /** Statements of all policies that hang on a role. */
  statements: () => Statement[];
  /** Statements that say who may take on a role. */
  trusts: () => Statement[];
  /** What the images of all stacks are built for, like `linux/arm64`; undefined: for whatever machine builds them. */
  imagePlatforms: (string | undefined)[];
  /** Statements of policies that hang on a queue, bucket, key or file system. */
  resourcePolicies: () => Statement[];
}

type Settings = Partial<Environment>;

/** The app with empty files in place of the functions' bundles, in a folder of its own that the caller removes. */
export function makeTestApp(stage: 'dev' | 'prod', settings: Settings = {}): { app: App; folder: string } {
  const environment = readEnvironment(stage, { [stage]: { ...environments[stage], ...settings } });
  const folder = mkdtempSync(join(tmpdir(), 'infra-'));
  for (const { name } of functions) {
    mkdirSync(join(folder, 'bundles', name), { recursive: true });
    writeFileSync(join(folder, 'bundles', name, 'index.mjs'), 'export const handler = () => {};');
  }
  return { app: makeApp({ environment, bundles: join(folder, 'bundles'), outdir: join(folder, 'out') }), folder };
}

/** @param settings in place of those in `environments.ts` */
export function synthesize(stage: 'dev' | 'prod', settings: Settings = {}): Synthesized {
  const { app, folder } = makeTestApp(stage, settings);
  const { stacks, directory } = app.synth();
  const templates = new Map(
    stacks.map(({ stackName: name, template }) => [name.replace(`top-active-${stage}-`, ''), template as Template]),
  );
  const imagePlatforms = stacks.flatMap(({ id }) => platformsIn(join(directory, `${id}.assets.json`)));
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
    imagePlatforms,
    statements: () => [
      ...documents(all('AWS::IAM::Policy'), 'PolicyDocument'),
      ...documents(all('AWS::IAM::ManagedPolicy'), 'PolicyDocument'),
      ...all('AWS::IAM::Role').flatMap(({ Properties }) =>
        ((Properties?.Policies ?? []) as { PolicyDocument: Document }[]).flatMap(
          ({ PolicyDocument }) => PolicyDocument.Statement,
        ),
      ),
    ],
    trusts: () => documents(all('AWS::IAM::Role'), 'AssumeRolePolicyDocument'),
    resourcePolicies: () => [
      ...documents(all('AWS::SQS::QueuePolicy'), 'PolicyDocument'),
      ...documents(all('AWS::SNS::TopicPolicy'), 'PolicyDocument'),
      ...documents(all('AWS::S3::BucketPolicy'), 'PolicyDocument'),
      ...documents(all('AWS::KMS::Key'), 'KeyPolicy'),
      ...documents(all('AWS::EFS::FileSystem'), 'FileSystemPolicy'),
    ],
  };
}

interface Assets {
  dockerImages?: Record<string, { source: { platform?: string } }>;
}

function platformsIn(manifest: string): (string | undefined)[] {
  const { dockerImages = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Assets;
  return Object.values(dockerImages).map(({ source }) => source.platform);
}

interface Document {
  Statement: Statement[];
}

function documents(resources: Resource[], property: string): Statement[] {
  return resources.flatMap(({ Properties }) => (Properties?.[property] as Document | undefined)?.Statement ?? []);
}
