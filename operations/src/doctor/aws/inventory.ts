import {
  DescribeStacksCommand,
  paginateListStackResources,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';

interface StackResource {
  part: string;
  type: string;
  logicalId: string;
  physicalId: string;
}

export interface StackState {
  part: string;
  /** CloudFormation's status; absent: there is no such stack. */
  status: string | undefined;
  outputs: Readonly<Record<string, string>>;
}

/** What CloudFormation has made of one environment. Each is asked for once, on first use. */
export interface Inventory {
  stacks(): Promise<StackState[]>;
  /** Those of one type; of stacks that aren't there, none. */
  resources(type: string): Promise<StackResource[]>;
}

/** @param clientOf of a region */
export function createInventory(
  places: readonly { part: string; name: string; region: string }[],
  clientOf: (region: string) => CloudFormationClient,
): Inventory {
  let states: Promise<StackState[]> | undefined;
  let found: Promise<StackResource[]> | undefined;

  async function state({ part, name, region }: (typeof places)[number]): Promise<StackState> {
    try {
      const { Stacks = [] } = await clientOf(region).send(new DescribeStacksCommand({ StackName: name }));
      return { part, status: Stacks[0]?.StackStatus, outputs: outputsOf(Stacks[0]) };
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message))
        return { part, status: undefined, outputs: {} };
      throw error;
    }
  }

  async function list(): Promise<StackResource[]> {
    const all: StackResource[] = [];
    const there = new Set((await stacks()).flatMap(({ part, status }) => (status === undefined ? [] : [part])));
    for (const { part, name, region } of places) {
      if (!there.has(part)) continue;
      for await (const page of paginateListStackResources({ client: clientOf(region) }, { StackName: name }))
        for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
          if (ResourceType && LogicalResourceId && PhysicalResourceId)
            all.push({ part, type: ResourceType, logicalId: LogicalResourceId, physicalId: PhysicalResourceId });
    }
    return all;
  }

  function stacks(): Promise<StackState[]> {
    states ??= Promise.all(places.map(state));
    return states;
  }

  return {
    stacks,
    async resources(type) {
      found ??= list();
      return (await found).filter((resource) => resource.type === type);
    },
  };
}

function outputsOf(stack: Stack | undefined): Record<string, string> {
  return Object.fromEntries(
    (stack?.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
      OutputKey && OutputValue ? [[OutputKey, OutputValue]] : [],
    ),
  );
}
