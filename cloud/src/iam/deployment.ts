import { z } from 'zod';
import type { Policy } from './policy-document.ts';
import type { Binding } from './physical-resources.ts';
import { readPolicies } from './read-policies.ts';
import { createResolver, keyOf, type Resolver } from './resolver.ts';
import { resourcesOf, type Resource, type Template } from './template.ts';
import { workloadResources, type WorkloadResources } from './workload-resources.ts';

/** A function, or the container of the session host, as the templates have it. */
interface Workload {
  /** `POWERTOOLS_SERVICE_NAME` */
  name: string;
  roleArn: string;
  /** Its variables with every reference resolved to what is on this machine. */
  environment: Readonly<Record<string, string>>;
  resources: WorkloadResources;
}

export interface TableKeys {
  partitionKey: string;
  /** Partition key of each index, by the index's name. */
  indexes: Readonly<Record<string, string>>;
}

/** What the synthesized templates say about roles, policies and encryption, in terms of this machine. */
export interface Deployment {
  policies: readonly Policy[];
  /** By name; the session host is `session-host`. @throws Error for a name that no template has. */
  workload: (name: string) => Workload;
  workloads: readonly Workload[];
  tables: ReadonlyMap<string, TableKeys>;
  /** ARN of the customer's KMS key that a table, queue, bucket or secret is encrypted with. */
  encryptionKeyOf: (arn: string) => string | undefined;
  /** Ids of the APIs, as in ARNs. */
  apis: { http: string; webSocket: string };
  /** Id of the Lambda authorizer of the WebSocket API. */
  webSocketAuthorizerId: string;
  /** ARN of the rule or schedule that invokes a function. */
  ruleOf: (functionName: string) => string | undefined;
  /** ARN of the queue that takes what a rule could not hand to a function. */
  ruleDeadLettersOf: (functionName: string) => string | undefined;
  /** ARN of the queue that takes what a function could not process: records of its stream, or events. */
  failureQueueOf: (functionName: string) => string | undefined;
  /**
   * What a queue that has a dead-letter queue is set to: seconds, and tries.
   * @throws Error for a queue that no template has
   */
  workQueue: (arn: string) => { visibilityTimeout: number; maxReceiveCount: number };
  /** The function that a template calls by its own name, as here. */
  functionOfArn: (arn: string) => string | undefined;
  /** ARN of everything of a type, such as `AWS::SQS::Queue`. */
  arnsOf: (type: string) => string[];
}

/**
 * @param variables what an environment variable of the product stands for on this machine: the resource that it refers
 * to in the templates is called that here.
 */
export function readDeployment(
  templates: readonly Template[],
  variables: Readonly<Record<string, Binding>>,
): Deployment {
  const bindings = bind(templates, variables);
  const resolver = createResolver(templates, bindings);
  const workloads = [...functionsOf(templates), ...containersOf(templates)].map(
    ({ name, resource, role, variables, stack }): Workload => ({
      name,
      resources: workloadResources(resource, resolver),
      roleArn: resolver.arnOf(role),
      environment: Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [key, String(resolver.resolve(value, stack))]),
      ),
    }),
  );
  const byName = new Map(workloads.map((workload) => [workload.name, workload]));
  const encryption = encryptionKeys(templates, resolver);
  const functionArn = (name: string) => {
    const found = functionsOf(templates).find((fn) => fn.name === name);
    return found && resolver.arnOf(found.resource);
  };
  const ruleFor = (name: string) =>
    resourcesOf(templates, 'AWS::Events::Rule').find(({ stack, properties }) =>
      JSON.stringify(resolver.resolve(properties.Targets ?? [], stack)).includes(`"${functionArn(name)}"`),
    );
  return {
    policies: readPolicies(templates, resolver),
    workloads,
    workload(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`No function and no container of the templates has POWERTOOLS_SERVICE_NAME ${name}.`);
      return found;
    },
    tables: new Map(resourcesOf(templates).flatMap((resource) => tableKeys(resource, resolver))),
    encryptionKeyOf: (arn) => encryption.get(arn),
    apis: {
      http: idOf(templates, resolver, 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
      webSocket: idOf(templates, resolver, 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }),
    },
    webSocketAuthorizerId: idOf(templates, resolver, 'AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'REQUEST' }),
    ruleOf(name) {
      const rule = ruleFor(name);
      return rule && resolver.arnOf(rule);
    },
    ruleDeadLettersOf(name) {
      const rule = ruleFor(name);
      const targets = z.array(z.unknown()).parse(rule?.properties.Targets ?? []);
      const arn: unknown = Object(Object(targets[0]).DeadLetterConfig).Arn;
      return rule && arn !== undefined ? resolver.text(arn, rule.stack) : undefined;
    },
    failureQueueOf(name) {
      const mappings = ['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig'].flatMap((type) =>
        resourcesOf(templates, type),
      );
      const mapping = mappings.find(({ stack, properties }) => {
        const fn = resolver.referenced(properties.FunctionName, stack);
        return fn && resolver.arnOf(fn) === functionArn(name);
      });
      const destination: unknown = Object(Object(mapping?.properties.DestinationConfig).OnFailure).Destination;
      return mapping && destination ? resolver.text(destination, mapping.stack) : undefined;
    },
    workQueue(arn) {
      const queue = resourcesOf(templates, 'AWS::SQS::Queue').find((resource) => resolver.arnOf(resource) === arn);
      if (!queue) throw new Error(`No template has the queue ${arn}.`);
      const { VisibilityTimeout, RedrivePolicy } = workQueueSchema.parse(queue.properties);
      return { visibilityTimeout: VisibilityTimeout, maxReceiveCount: RedrivePolicy.maxReceiveCount };
    },
    functionOfArn: (arn) =>
      functionsOf(templates).find(({ resource: { properties, stack }, name }) => {
        const called = properties.FunctionName === undefined ? name : resolver.text(properties.FunctionName, stack);
        return arn.endsWith(`:function:${called}`);
      })?.name,
    arnsOf: (type) => resourcesOf(templates, type).map((resource) => resolver.arnOf(resource)),
  };
}

interface Described {
  name: string;
  resource: Resource;
  role: Resource;
  variables: Record<string, unknown>;
  stack: string;
}

const serviceName = 'POWERTOOLS_SERVICE_NAME';
const variablesSchema = z.record(z.string(), z.unknown());
const containerSchema = z.array(
  z.looseObject({ Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]) }),
);

function functionsOf(templates: readonly Template[]): Described[] {
  return resourcesOf(templates, 'AWS::Lambda::Function').flatMap((resource) => {
    const variables = variablesSchema.safeParse(Object(resource.properties.Environment).Variables);
    return variables.success ? describe(templates, resource, variables.data, resource.properties.Role) : [];
  });
}

function containersOf(templates: readonly Template[]): Described[] {
  return resourcesOf(templates, 'AWS::ECS::TaskDefinition').flatMap((resource) =>
    containerSchema
      .parse(resource.properties.ContainerDefinitions ?? [])
      .flatMap(({ Environment }) =>
        describe(
          templates,
          resource,
          Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
          resource.properties.TaskRoleArn,
        ),
      ),
  );
}

function describe(
  templates: readonly Template[],
  resource: Resource,
  variables: Record<string, unknown>,
  roleReference: unknown,
): Described[] {
  const name = variables[serviceName];
  const role = createResolver(templates, new Map()).referenced(roleReference, resource.stack);
  return typeof name === 'string' && role ? [{ name, resource, role, variables, stack: resource.stack }] : [];
}

/** Finds the resource that each variable refers to, and functions by their name. */
function bind(templates: readonly Template[], names: Readonly<Record<string, Binding>>): Map<string, Binding> {
  const resolver = createResolver(templates, new Map());
  const bindings = new Map<string, Binding>();
  const functions = functionsOf(templates);
  for (const { name, resource } of functions) bindings.set(keyOf(resource), { name });
  for (const { variables, stack } of [...functions, ...containersOf(templates)])
    for (const [variable, binding] of Object.entries(names)) {
      const target = variable in variables ? resolver.referenced(variables[variable], stack) : undefined;
      if (target) bindings.set(keyOf(target), binding);
    }
  return bindings;
}

function tableKeys(resource: Resource, resolver: Resolver): [string, TableKeys][] {
  if (!['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'].includes(resource.type)) return [];
  const indexes = indexSchema.parse(resource.properties.GlobalSecondaryIndexes ?? []);
  return [
    [
      resolver.arnOf(resource),
      {
        partitionKey: partitionKeyOf(resource.properties.KeySchema),
        indexes: Object.fromEntries(indexes.map(({ IndexName, KeySchema }) => [IndexName, partitionKeyOf(KeySchema)])),
      },
    ],
  ];
}

const workQueueSchema = z.looseObject({
  VisibilityTimeout: z.int(),
  RedrivePolicy: z.looseObject({ maxReceiveCount: z.int() }),
});

const keySchema = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() }));
function partitionKeyOf(schema: unknown): string {
  return keySchema.parse(schema).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}

const indexSchema = z.array(z.looseObject({ IndexName: z.string(), KeySchema: z.unknown() }));

/** Where a template names a key of the customer. */
const keyProperties: Readonly<Record<string, (properties: Readonly<Record<string, unknown>>) => unknown>> = {
  'AWS::DynamoDB::Table': ({ SSESpecification }) => Object(SSESpecification).KMSMasterKeyId,
  'AWS::DynamoDB::GlobalTable': ({ Replicas }) =>
    Array.isArray(Replicas) ? Object(Object(Replicas[0]).SSESpecification).KMSMasterKeyId : undefined,
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SNS::Topic': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SecretsManager::Secret': ({ KmsKeyId }) => KmsKeyId,
  'AWS::S3::Bucket': ({ BucketEncryption }) => {
    const rules: unknown = Object(BucketEncryption).ServerSideEncryptionConfiguration;
    return Array.isArray(rules) ? Object(Object(rules[0]).ServerSideEncryptionByDefault).KMSMasterKeyID : undefined;
  },
};

function encryptionKeys(templates: readonly Template[], resolver: Resolver): Map<string, string> {
  return new Map(
    resourcesOf(templates).flatMap((resource) => {
      const key = resolver.referenced(keyProperties[resource.type]?.(resource.properties), resource.stack);
      return key?.type === 'AWS::KMS::Key' ? [[resolver.arnOf(resource), resolver.arnOf(key)] as const] : [];
    }),
  );
}

function idOf(
  templates: readonly Template[],
  resolver: Resolver,
  type: string,
  wanted: Readonly<Record<string, string>>,
): string {
  const found = resourcesOf(templates, type).find(({ properties }) =>
    Object.entries(wanted).every(([name, value]) => properties[name] === value),
  );
  if (!found) throw new Error(`No template has a ${type} with ${JSON.stringify(wanted)}.`);
  return resolver.refOf(found);
}
