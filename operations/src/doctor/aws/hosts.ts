import { DescribeServicesCommand, DescribeTasksCommand, ListTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export interface HostsState {
  desired: number;
  running: number;
  healthy: number;
  /** Of the newest deployment: COMPLETED, IN_PROGRESS or FAILED. */
  rollout: string | undefined;
}

export function hostsCheck(ecs: ECSClient, inventory: Inventory): Check {
  return { title: 'Session hosts', look: async () => judgeHosts(await readHosts(ecs, inventory)) };
}

export function judgeHosts(state: HostsState | undefined): Finding {
  if (!state) return fail('there is no ECS service', 'Deploy: npm run deploy');
  const { desired, running, healthy, rollout } = state;
  const seen = `${healthy} healthy of ${running} running, ${desired} wanted`;
  if (desired === 0) return fail(seen, 'No session runs. Once a restore is over, set the desired count in ECS.');
  if (rollout === 'FAILED')
    return fail(`${seen}; the last deployment failed`, 'Read the stopped task’s reason in ECS.');
  if (running === 0) return fail(seen, 'Read the service’s events and the reason of the last stopped task in ECS.');
  if (rollout === 'IN_PROGRESS' || running < desired || healthy < running)
    return warn(seen, 'A deployment or a start is running; look again in five minutes.');
  return ok(seen);
}

/** Absent: there is no service. */
export async function readHosts(ecs: ECSClient, inventory: Inventory): Promise<HostsState | undefined> {
  const [cluster] = await inventory.resources('AWS::ECS::Cluster');
  const [service] = await inventory.resources('AWS::ECS::Service');
  if (!cluster || !service) return undefined;
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: cluster.physicalId, services: [service.physicalId] }),
  );
  const [found] = services;
  if (!found) return undefined;
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster: cluster.physicalId, serviceName: service.physicalId.split('/').at(-1) }),
  );
  const { tasks = [] } =
    taskArns.length > 0
      ? await ecs.send(new DescribeTasksCommand({ cluster: cluster.physicalId, tasks: taskArns.slice(0, 100) }))
      : {};
  return {
    desired: found.desiredCount ?? 0,
    running: found.runningCount ?? 0,
    healthy: tasks.filter(({ healthStatus }) => healthStatus === 'HEALTHY').length,
    rollout: found.deployments?.find(({ status }) => status === 'PRIMARY')?.rolloutState,
  };
}
