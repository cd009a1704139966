import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
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
import { type AccessPoint, FileSystem, LifecyclePolicy, PerformanceMode, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface HostsStackProps extends StackProps {
  environment: Environment;
  storageKey: Key;
  /** Environment of the session host, but for what this stack itself decides. */
  hostEnvironment: Record<string, string>;
}

/** ECS Fargate tasks that hold the WhatsApp sessions, and the file system of their checkpoints. */
export class HostsStack extends Stack {
  readonly taskRole: Role;
  private readonly taskDefinition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, { environment, storageKey, hostEnvironment, ...props }: HostsStackProps) {
    super(scope, id, props);
    const vpc = this.makeNetwork();
    const fileSystem = new FileSystem(this, 'Checkpoints', {
      vpc,
      encrypted: true,
      kmsKey: storageKey,
      performanceMode: PerformanceMode.GENERAL_PURPOSE,
      throughputMode: ThroughputMode.ELASTIC,
      lifecyclePolicy: LifecyclePolicy.AFTER_30_DAYS,
      removalPolicy: environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
    });
    const accessPoint = fileSystem.addAccessPoint('Hosts', {
      path: '/checkpoints',
      posixUser: { uid: '1000', gid: '1000' },
      createAcl: { ownerUid: '1000', ownerGid: '1000', permissions: '700' },
    });
    this.taskRole = new Role(this, 'TaskRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    this.taskDefinition = this.makeTask({ environment, hostEnvironment, fileSystem, accessPoint });
    this.startService({ environment, vpc, fileSystem });
  }

  /** Public subnets without any inbound rule: below about 100 users that beats a NAT gateway. */
  private makeNetwork(): Vpc {
    return new Vpc(this, 'Network', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Hosts', subnetType: SubnetType.PUBLIC, cidrMask: 24 }],
      gatewayEndpoints: {
        s3: { service: GatewayVpcEndpointAwsService.S3 },
        dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
  }

  private makeTask({
    environment,
    hostEnvironment,
    fileSystem,
    accessPoint,
  }: {
    environment: Environment;
    hostEnvironment: Record<string, string>;
    fileSystem: FileSystem;
    accessPoint: AccessPoint;
  }): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      taskRole: this.taskRole,
      cpu: environment.hosts.cpu,
      memoryLimitMiB: environment.hosts.memoryMiB,
      ephemeralStorageGiB: 50,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
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
    fileSystem.grantReadWrite(this.taskRole);
    // initProcessEnabled reaps the zombies of crashed browsers; all capabilities are dropped.
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    const container = task.addContainer('host', {
      image: ContainerImage.fromAsset(repository, { file: 'session-host/Dockerfile' }),
      linuxParameters,
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(120),
      environment: {
        ...hostEnvironment,
        POWERTOOLS_SERVICE_NAME: 'session-host',
        MAX_SESSIONS: String(environment.hosts.maxSessions),
        SCRATCH_DIR: '/scratch',
        CHECKPOINT_DIR: '/checkpoints',
        HEALTH_PORT: '8080',
        // Ten seconds before the orchestrator kills.
        STOP_TIMEOUT_SECONDS: '110',
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
      { sourceVolume: 'checkpoints', containerPath: '/checkpoints', readOnly: false },
      { sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false },
    );
    return task;
  }

  private startService({
    environment,
    vpc,
    fileSystem,
  }: {
    environment: Environment;
    vpc: Vpc;
    fileSystem: FileSystem;
  }): void {
    const securityGroup = new SecurityGroup(this, 'NoInbound', { vpc, description: 'Session hosts: nothing comes in' });
    fileSystem.connections.allowDefaultPortFrom(securityGroup);
    new FargateService(this, 'Service', {
      cluster: new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED }),
      taskDefinition: this.taskDefinition,
      desiredCount: environment.hosts.count,
      // With a single host the old one must be gone before the new one starts: two would open the same profiles.
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      assignPublicIp: true,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      securityGroups: [securityGroup],
      propagateTags: PropagatedTagSource.SERVICE,
    });
  }
}
