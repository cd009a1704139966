import { localAccountId, localRegion } from '../wire/index.ts';
import type { Resolver } from './resolver.ts';
import type { Resource } from './template.ts';

/** What a workload needs around it that only AWS has. */
export interface WorkloadResources {
  /** ARN, with `:*` at its end. */
  logGroup: string;
  /** Of a task: the role that ECS starts it with. */
  executionRole?: string | undefined;
  /** Of a task: ARN of the repository of its image. */
  repository?: string | undefined;
  /** File systems that a task mounts, each through an access point. */
  fileSystems: readonly { fileSystem: string; accessPoint: string }[];
}

/** @param resource a Lambda function or an ECS task definition */
export function workloadResources({ type, properties, stack }: Resource, resolver: Resolver): WorkloadResources {
  const arn = (value: unknown) => {
    const found = resolver.referenced(value, stack);
    return found && resolver.arnOf(found);
  };
  if (type === 'AWS::Lambda::Function')
    return { logGroup: arn(Object(properties.LoggingConfig).LogGroup) ?? '', fileSystems: [] };
  const container: unknown = Array.isArray(properties.ContainerDefinitions) ? properties.ContainerDefinitions[0] : {};
  const volumes: unknown[] = Array.isArray(properties.Volumes) ? properties.Volumes : [];
  const image = String(resolver.resolve(Object(container).Image, stack));
  const repository = image.replace(/^[^/]+\//, '').replace(/[:@].*$/, '');
  return {
    logGroup: arn(Object(Object(Object(container).LogConfiguration).Options)['awslogs-group']) ?? '',
    executionRole: arn(properties.ExecutionRoleArn),
    repository: `arn:aws:ecr:${localRegion}:${localAccountId}:repository/${repository}`,
    fileSystems: volumes.flatMap((volume) => {
      const settings: unknown = Object(volume).EFSVolumeConfiguration;
      const fileSystem = arn(Object(settings).FilesystemId);
      const accessPoint = arn(Object(Object(settings).AuthorizationConfig).AccessPointId);
      return fileSystem !== undefined && accessPoint !== undefined ? [{ fileSystem, accessPoint }] : [];
    }),
  };
}
