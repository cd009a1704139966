import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { STSClient } from '@aws-sdk/client-sts';
import { readEnvironment, type Environment } from '@top-active/infra/config';
import { stackPlaces } from '@top-active/infra/stack-name';
import { lookAtAccount } from './checks/account.ts';
import { lookAtBootstrap } from './checks/bootstrap.ts';
import type { Check } from './checks/check.ts';
import { lookAtContainerEngine } from './checks/container-engine.ts';
import { lookAtSettings } from './checks/settings.ts';
import { lookAtShards } from './checks/shards.ts';
import { lookAtSynthesis } from './checks/synthesis.ts';
import { clientSettings } from './client-settings.ts';
import type { Options } from './options.ts';
import { runQuietly } from './run-process.ts';

/** What must be right before anything is changed, quick looks first. For the web app alone, account and settings. */
export function allChecks({ what, stage, account }: Options, { infra }: { infra: string }): Check[] {
  const settings: Check = { title: 'Settings', look: () => lookAtSettings(stage) };
  const environment = readable(stage);
  if (!environment) return [settings];
  const { region } = environment;
  const first: Check[] = [
    settings,
    {
      title: 'Account',
      look: () => lookAtAccount(new STSClient(clientSettings(environment)), { region, expected: account }),
    },
  ];
  if (what === 'web') return first;
  return [
    ...first,
    ...[...new Set(stackPlaces(environment).map(({ region }) => region))].map((region): Check => ({
      title: region === environment.region ? 'CDK bootstrap' : 'CDK bootstrap, for CloudFront',
      needs: 'Account',
      look: () => lookAtBootstrap(new CloudFormationClient(clientSettings({ region })), region),
    })),
    {
      title: 'Shards',
      needs: 'Account',
      look: () => lookAtShards(new CloudFormationClient(clientSettings(environment)), environment),
    },
    {
      title: 'Container engine',
      look: () =>
        lookAtContainerEngine({
          env: process.env,
          run: (command, args) => runQuietly(command, args, { timeoutMs: 30_000 }),
        }),
    },
    {
      title: 'Templates',
      needs: 'Settings',
      look: () =>
        lookAtSynthesis(() =>
          runQuietly(process.execPath, [join(infra, 'src', 'synth.ts')], { env: { ...process.env, STAGE: stage } }),
        ),
    },
  ];
}

function readable(stage: string): Environment | undefined {
  try {
    return readEnvironment(stage);
  } catch {
    // The look at the settings says what is wrong.
    return undefined;
  }
}
