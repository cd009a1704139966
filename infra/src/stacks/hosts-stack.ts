import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AvailabilityZoneRebalancing,
  Capability,
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { fileURLToPath } from 'node:url';
import { acknowledge } from '../acknowledge.ts';
import { scaleHosts } from '../constructs/scale-hosts.ts';
import { allowCheckpoints, grantHost } from '../permissions/grant-host.ts';
import { acknowledgeWildcard } from '../permissions/wildcards.ts';
import type { Resources } from '../resources.ts';
import { hostVariablesOf } from '../variables.ts';
import type { CheckpointsStack } from './checkpoints-stack.ts';
import type { NetworkStack } from './network-stack.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * As session-host/Dockerfile makes them. Through an access point EFS takes everybody for one user: what keeps browsers
 * out is the folder around it.
 */
const folders = {
  BROWSER_USERS_DIR: '/var/lib/session-host/browser-users',
  CHECKPOINT_DIR: '/var/lib/session-host/checkpoints',
  SCRATCH_DIR: '/scratch',
};

export interface HostsStackProps extends StackProps {
  resources: Resources;
  network: NetworkStack;
  checkpoints: CheckpointsStack;
}

/** ECS Fargate tasks that hold the WhatsApp sessions. */
export class HostsStack extends Stack {
  readonly taskRole: Role;
  readonly cluster: Cluster;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, { resources, network, checkpoints, ...props }: HostsStackProps) {
    super(scope, id, props);
    this.taskRole = new Role(this, 'TaskRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    grantHost(this.taskRole, resources);
    this.cluster = new Cluster(this, 'Cluster', { vpc: network.vpc, containerInsightsV2: ContainerInsights.ENABLED });
    this.service = this.startService({ network, resources, task: this.makeTask(resources, checkpoints) });
  }

  private makeTask(resources: Resources, checkpoints: CheckpointsStack): FargateTaskDefinition {
    const { environment } = resources;
    const { fileSystem, accessPoint } = checkpoints;
    const task = new FargateTaskDefinition(this, 'Task', {
      taskRole: this.taskRole,
      cpu: environment.hosts.cpu,
      memoryLimitMiB: environment.hosts.memoryMiB,
      ephemeralStorageGiB: 50,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    acknowledge(task, {
      'AwsSolutions-ECS2': 'Names and addresses only: a session host gets no secret through its environment.',
    });
    task.addVolume({
      name: 'checkpoints',
      efsVolumeConfiguration: {
        fileSystemId: fileSystem.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
      },
    });
    task.addVolume({ name: 'scratch' });
    allowCheckpoints(this.taskRole, checkpoints);
    // initProcessEnabled reaps the zombies of crashed browsers; all capabilities are dropped.
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    const image = new DockerImageAsset(this, 'Image', {
      directory: repository,
      file: 'session-host/Dockerfile',
      // Said here: a builder makes images for its own machine otherwise, also where it could do others.
      platform: Platform.LINUX_ARM64,
    });
    const container = task.addContainer('host', {
      image: ContainerImage.fromDockerImageAsset(image),
      linuxParameters,
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(120),
      environment: {
        ...hostVariablesOf(resources),
        // Hosts of a new image are given what those of the old one hold.
        HOST_VERSION: image.assetHash,
        POWERTOOLS_SERVICE_NAME: 'session-host',
        MAX_SESSIONS: String(environment.hosts.maxSessions),
        HOST_MEMORY_MIB: String(environment.hosts.memoryMiB),
        ...(environment.hosts.canaryUser !== undefined && { CANARY_USER: environment.hosts.canaryUser }),
        ...folders,
        HEALTH_PORT: '8080',
        // Shard by shard; the rest of the time is for the end of what is left then.
        STOP_TIMEOUT_SECONDS: '100',
      },
      logging: LogDrivers.awsLogs({
        streamPrefix: 'host',
        logGroup: new LogGroup(this, 'Logs', {
          retention: environment.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      }),
      healthCheck: {
        command: ['CMD', 'node', '-e', "fetch('http://127.0.0.1:8080/health').then((r) => process.exit(r.ok ? 0 : 1))"],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(60),
      },
    });
    container.addMountPoints(
      { sourceVolume: 'checkpoints', containerPath: folders.CHECKPOINT_DIR, readOnly: false },
      { sourceVolume: 'scratch', containerPath: folders.SCRATCH_DIR, readOnly: false },
    );
    acknowledgeWildcard(task.obtainExecutionRole(), 'registryLogin', '*');
    return task;
  }

  private startService({
    network,
    resources: { environment },
    task,
  }: {
    network: NetworkStack;
    resources: Resources;
    task: FargateTaskDefinition;
  }): FargateService {
    const { min, max } = environment.hosts;
    const grows = max > min;
    const service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition: task,
      // Left to the scaling where there is one: a deployment must not undo it.
      ...(!grows && { desiredCount: min }),
      // A new host starts beside the old ones. It holds nothing until one of them has handed over what it holds, and
      // ended.
      minHealthyPercent: 100,
      maxHealthyPercent: Math.ceil((100 * (min + 1)) / min),
      circuitBreaker: { rollback: true },
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      assignPublicIp: environment.network.hosts === 'publicSubnets',
      vpcSubnets: network.hostSubnets,
      securityGroups: [network.hosts],
      propagateTags: PropagatedTagSource.SERVICE,
    });
    if (grows) scaleHosts(service, environment);
    return service;
  }
}
