import { App, Tags } from 'aws-cdk-lib';
import { readEnvironment } from './config.ts';
import { AppStack } from './stacks/app-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { HostsStack } from './stacks/hosts-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';

export interface MakeAppOptions {
  /** Name of an environment in `config.ts`. */
  stage: string;
  /** Folder with one bundled function per folder. */
  bundles: string;
  /** Folder for the templates; CDK's own default when absent. */
  outdir?: string;
}

/** The whole deployment. What holds data (data, identity) apart from what can be thrown away (edge, app, hosts). */
export function makeApp({ stage, bundles, outdir }: MakeAppOptions): App {
  const environment = readEnvironment(stage);
  const app = new App({
    ...(outdir && { outdir }),
    analyticsReporting: false,
    context: { stage: `top-active-${stage}` },
  });
  const props = { env: { region: environment.region }, environment };
  const name = (part: string) => `top-active-${stage}-${part}`;

  const data = new DataStack(app, name('data'), props);
  const identity = new IdentityStack(app, name('identity'), props);
  const edge = new EdgeStack(app, name('edge'), props);
  const appStack = new AppStack(app, name('app'), { ...props, bundles, data, identity, edge });
  const hosts = new HostsStack(app, name('hosts'), {
    ...props,
    storageKey: data.storageKey,
    hostEnvironment: appStack.hostEnvironment,
  });
  appStack.grantHost(hosts.taskRole);
  Tags.of(app).add('project', 'top-active-whatsapp');
  Tags.of(app).add('stage', stage);
  return app;
}
