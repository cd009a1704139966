import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { type AccessPoint, FileSystem, LifecyclePolicy, PerformanceMode, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import type { DataStack } from './data-stack.ts';
import type { NetworkStack } from './network-stack.ts';

export interface CheckpointsStackProps extends StackProps {
  environment: Environment;
  data: DataStack;
  network: NetworkStack;
}

/** The file system of the checkpoints: what keeps people's WhatsApp linked when a session host goes. */
export class CheckpointsStack extends Stack {
  readonly fileSystem: FileSystem;
  readonly accessPoint: AccessPoint;

  constructor(scope: Construct, id: string, { environment, data, network, ...props }: CheckpointsStackProps) {
    super(scope, id, props);
    this.fileSystem = new FileSystem(this, 'Checkpoints', {
      vpc: network.vpc,
      vpcSubnets: network.hostSubnets,
      securityGroup: network.checkpoints,
      encrypted: true,
      kmsKey: data.storageKey,
      performanceMode: PerformanceMode.GENERAL_PURPOSE,
      throughputMode: ThroughputMode.ELASTIC,
      lifecyclePolicy: LifecyclePolicy.AFTER_30_DAYS,
      removalPolicy: environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // The CDK's word for: add nothing to this policy. Anonymous clients are refused, as nothing in it allows them.
      allowAnonymousAccess: true,
      fileSystemPolicy: closedPolicy(),
    });
    this.accessPoint = this.fileSystem.addAccessPoint('Hosts', {
      path: '/checkpoints',
      posixUser: { uid: '1000', gid: '1000' },
      createAcl: { ownerUid: '1000', ownerGid: '1000', permissions: '700' },
    });
  }
}

/**
 * Nobody mounts it but who is allowed to by a policy of their own, encrypted, and through an access point: only that
 * makes files belong to the hosts' user, and keeps everybody inside one folder.
 */
function closedPolicy(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      deny('OnlyEncrypted', {
        actions: [mount, write, rootAccess],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      deny('OnlyThroughAccessPoint', {
        actions: [mount, write],
        conditions: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } },
      }),
      deny('NeverAsRoot', { actions: [rootAccess] }),
    ],
  });
}

const mount = 'elasticfilesystem:ClientMount';
const write = 'elasticfilesystem:ClientWrite';
const rootAccess = 'elasticfilesystem:ClientRootAccess';

function deny(sid: string, what: Pick<PolicyStatementProps, 'actions' | 'conditions'>): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], ...what });
}
