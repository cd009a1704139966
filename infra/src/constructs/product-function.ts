import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { environmentOf, type EnvironmentName, type FunctionDefinition } from '@top-active/lambdas/functions';
import type { Environment } from '../config.ts';
import { tokenFunctionName } from '../stack-name.ts';
import { acknowledgeWildcard } from '../permissions/wildcards.ts';

export interface ProductFunctionProps {
  definition: FunctionDefinition;
  environment: Environment;
  /** Folder with one bundle per function. */
  bundles: string;
  /** Values for every name; the function gets only those that its definition lists. */
  variables: Partial<Record<EnvironmentName, string>>;
}

/** One Lambda function with a role and a log group of its own. */
export class ProductFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, { definition, environment, bundles, variables }: ProductFunctionProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Execution role of ${definition.name}`,
    });
    acknowledgeWildcard(this.role, 'traces', '*');
    const logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: definition.description,
      ...(definition.trigger.kind === 'user-pool' && { functionName: tokenFunctionName(environment) }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(bundles, definition.name)),
      role: this.role,
      timeout: Duration.seconds(definition.timeoutSeconds),
      memorySize: definition.memoryMiB,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      environment: { ...environmentOf(definition, variables), NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}
