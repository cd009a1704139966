import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Environment } from './config.ts';
import { notifyOfAlarms } from './constructs/impact-alarm.ts';
import { featureFlags } from './feature-flags.ts';
import type { Resources } from './resources.ts';
import { edgeRegion, needsEdge, stackName, type StackPart } from './stack-name.ts';
import { AlertsStack } from './stacks/alerts-stack.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { BackupStack } from './stacks/backup-stack.ts';
import { CheckpointsStack } from './stacks/checkpoints-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { HostsStack } from './stacks/hosts-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { QueuesStack } from './stacks/queues-stack.ts';
import { WebStack } from './stacks/web-stack.ts';
import { WorkersStack } from './stacks/workers-stack.ts';

export interface MakeAppOptions {
  environment: Environment;
  /** Folder with one bundled function per folder. */
  bundles: string;
  /** Folder for the templates; CDK's own default when absent. */
  outdir?: string;
}

/** The whole deployment: first what holds data, then what can be thrown away, then what watches over both. */
export function makeApp({ environment, bundles, outdir }: MakeAppOptions): App {
  const app = new App({ ...(outdir && { outdir }), analyticsReporting: false, context: featureFlags });
  const props = { env: { region: environment.region }, environment };
  const name = (part: StackPart) => stackName(environment, part);

  // Holds data.
  const network = new NetworkStack(app, name('network'), props);
  const data = new DataStack(app, name('data'), props);
  const identity = new IdentityStack(app, name('identity'), props);
  const checkpoints = new CheckpointsStack(app, name('checkpoints'), { ...props, data, network });

  // Can be thrown away.
  const queues = new QueuesStack(app, name('queues'), { ...props, data });
  const edge = needsEdge(environment)
    ? new EdgeStack(app, name('edge'), { env: { region: edgeRegion }, environment })
    : undefined;
  const web = new WebStack(app, name('web'), { ...props, edge });
  const resources: Resources = { environment, data, identity, queues, web };
  const api = new ApiStack(app, name('api'), { ...props, resources, bundles });
  const workers = new WorkersStack(app, name('workers'), { ...props, resources, bundles });
  const hosts = new HostsStack(app, name('hosts'), { ...props, resources, network, checkpoints });
  // A host that starts asks the API for its shards.
  hosts.addStackDependency(api);

  // Watches over both.
  const { backup } = environment;
  if (backup) new BackupStack(app, name('backup'), { ...props, backup, data, checkpoints });
  new ObservabilityStack(app, name('observability'), { ...props, resources, api, workers, hosts });
  notifyOfAlarms(app, new AlertsStack(app, name('alerts'), props).topic);

  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // CloudFormation's schema of it knows none.
  const untagged = { excludeResourceTypes: ['AWS::ApplicationAutoScaling::ScalableTarget'] };
  Tags.of(app).add('project', 'top-active-whatsapp', untagged);
  Tags.of(app).add('stage', environment.stage, untagged);
  return app;
}
