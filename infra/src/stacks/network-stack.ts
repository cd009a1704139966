import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Where session hosts run, and who may reach whom there. */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;
  readonly hostSubnets: SubnetSelection = { subnetType: SubnetType.PUBLIC };
  /** Of the session hosts: nothing comes in. */
  readonly hosts: SecurityGroup;
  /** Of the checkpoints' file system: session hosts come in, by NFS, and nobody else. */
  readonly checkpoints: SecurityGroup;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // Public subnets without any inbound rule: below about 100 users that beats a NAT gateway.
    this.vpc = new Vpc(this, 'Network', {
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
}
