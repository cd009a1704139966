import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { makeApiAlarms } from '../observability/api-alarms.ts';
import { makeBudget } from '../observability/budget.ts';
import { makeCommandAlarms } from '../observability/command-alarms.ts';
import { makeDashboard } from '../observability/dashboard.ts';
import { makeFunctionAlarms } from '../observability/function-alarms.ts';
import { makeHostAlarms } from '../observability/host-alarms.ts';
import { makeModelAlarms } from '../observability/model-alarms.ts';
import { makeReceptionAlarms } from '../observability/reception-alarms.ts';
import { makeServiceAlarms } from '../observability/service-alarms.ts';
import type { Resources } from '../resources.ts';
import type { ApiStack } from './api-stack.ts';
import type { HostsStack } from './hosts-stack.ts';
import type { WorkersStack } from './workers-stack.ts';

export interface ObservabilityStackProps extends StackProps {
  resources: Resources;
  api: ApiStack;
  workers: WorkersStack;
  hosts: HostsStack;
}

/**
 * What an operator sees and is told. After all others, and none needs it. Alarms on dead letters stand with their
 * queues.
 */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { resources, api, workers, hosts, ...props }: ObservabilityStackProps) {
    super(scope, id, props);
    const { environment, data, queues, web } = resources;
    const functions = [...api.functions.values(), ...workers.functions.values()];
    makeHostAlarms(this, { environment, service: hosts.service });
    makeReceptionAlarms(this, environment);
    makeCommandAlarms(this, environment);
    makeModelAlarms(this, environment);
    makeApiAlarms(this, web);
    makeFunctionAlarms(this, { functions, assistantQueue: queues.assistant });
    makeServiceAlarms(this, { environment, data });
    makeDashboard(this, { environment, service: hosts.service, queues, web, functions });
    makeBudget(this, environment);
  }
}
