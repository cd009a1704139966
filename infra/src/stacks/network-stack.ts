import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';

/** Where session hosts run, and who may reach whom there. */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;
  /** Of session hosts and of the file system of the checkpoints. */
  readonly hostSubnets: SubnetSelection;
  /** Of the session hosts: nothing comes in. */
  readonly hosts: SecurityGroup;
  /** Of the checkpoints' file system: session hosts come in, by NFS, and nobody else. */
  readonly checkpoints: SecurityGroup;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    const { network } = environment;
    const isPublic = network.hosts === 'publicSubnets';
    const subnetType = isPublic ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS;
    this.hostSubnets = { subnetType };
    this.vpc = new Vpc(this, 'Network', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      maxAzs: 2,
      natGateways: isPublic ? 0 : network.natGateways,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Hosts', subnetType, cidrMask: 24 },
        ...(isPublic ? [] : [{ name: 'Nat', subnetType: SubnetType.PUBLIC, cidrMask: 28 }]),
      ],
      gatewayEndpoints: {
        s3: { service: GatewayVpcEndpointAwsService.S3 },
        dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    if (network.flowLogs) this.logFlows(environment);
    else
      acknowledge(this.vpc, {
        'AwsSolutions-VPC7': 'A setting (`network.flowLogs`), off where it is not worth its price.',
      });
    this.hosts = new SecurityGroup(this, 'NoInbound', {
      vpc: this.vpc,
      description: 'Session hosts: nothing comes in',
    });
    this.checkpoints = new SecurityGroup(this, 'Checkpoints', {
      vpc: this.vpc,
      description: 'File system of the checkpoints: session hosts only',
      allowAllOutbound: false,
    });
    this.checkpoints.addIngressRule(this.hosts, Port.tcp(2049), 'NFS from session hosts');
  }

  private logFlows({ logRetentionDays }: Environment): void {
    const logGroup = new LogGroup(this, 'Flows', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
  }
}
