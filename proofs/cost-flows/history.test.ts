import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients, createTenants, type AwsClients, type Tenant } from '@top-active/aws';
import { createWorldClient, until } from '@top-active/local/client';
import { createCloudMeter, type Usage } from '@top-active/cloud/metering';
import { bootStack, type Stack } from '@top-active/local/stack';
import { awsEnvironmentOfSeveral } from '@top-active/local/stack/environment';
import { isPeriodic, leastOf, untilQuiet } from './flow-meter.ts';
import { measureRound, setScene, type FlowsScene } from './flows.ts';
import { growHistory } from './grow-history.ts';
import { linkOwner, newOwner } from './owner.ts';

const quietMs = 1_500;
/** What reads a chat to its end takes forty times as much here as a page; `HISTORY_MESSAGES=100000` takes minutes. */
const longest = Number(process.env.HISTORY_MESSAGES ?? 1_000);
/** Not among them: data keys, since how long they are kept is a matter of time. */
const services = new Set(['dynamodb', 'sqs', 'lambda', 'http-api']);
/**
 * A matter of time too: how many changes one call of dispatch takes, and when a host looks what time it is where its
 * owner lives.
 */
const byTheClock = new Set(['keys DATAKEY', 'items PROFILE', 'dispatch']);

type Round = Record<string, Record<string, { requests: number | undefined; units: number | undefined }>>;

describe(`a chat whose history grows from 10 to ${longest} messages`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'history-'));
  const meter = createCloudMeter();
  let stack: Stack;
  let scene: FlowsScene;
  let clients: AwsClients;
  let tenant: Tenant;

  beforeAll(async () => {
    stack = await bootStack({ dir, meter });
    const world = createWorldClient(stack.worldOrigin);
    const owner = await newOwner({ stack, world, number: 1 });
    await linkOwner(owner, world);
    scene = await setScene({ stack, world, owner });
    // With the assistant's rights, which are to write whatever is this user's.
    const { cloud } = stack;
    Object.assign(process.env, awsEnvironmentOfSeveral(cloud, ['assistant']));
    clients = createClients();
    const { TENANT_ROLE_ARN = '' } = cloud.deployment.workload('assistant').environment;
    const { items, keys } = cloud.tables;
    const env = { ITEMS_TABLE: items, KEYS_TABLE: keys, KMS_KEY_ID: cloud.kmsKeyId, TENANT_ROLE_ARN, SIMULATED: true };
    tenant = await createTenants(clients, { env }).for(owner.user.userId);
    await untilQuiet(meter, quietMs);
    // What a first time needs (credentials, keys) is not a matter of history.
    await measureRound({ scene, meter, quietMs });
  }, 180_000);
  afterAll(async () => {
    clients?.close();
    await stack?.close();
    await meter.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /**
   * Requests and DynamoDB units of each flow, in a chat with so many old messages more. Two that write at the same
   * moment take a request more: where a round isn't what is wanted, the least of up to three counts.
   */
  async function roundAfter(messages: number, isWanted: (round: Round) => boolean = () => true): Promise<Round> {
    await growHistory({ tenant, chatId: scene.chatId, messages });
    await streamIsRead();
    const rounds: Map<string, Usage[]>[] = [];
    for (;;) {
      rounds.push(await measureRound({ scene, meter, quietMs }));
      const flows = [...(rounds[0]?.keys() ?? [])];
      const least = Object.fromEntries(
        flows.map((flow) => [flow, byName(leastOf(rounds.map((round) => round.get(flow) ?? [])))]),
      );
      if (rounds.length === 3 || isWanted(least)) return least;
    }
  }

  /** The stream tells of the old messages too: a change behind them shows when it has been read to its end. */
  async function streamIsRead(): Promise<void> {
    const before = dispatches();
    await scene.owner.user.setAssistant(scene.chatId, 'suggest');
    await until(async () => (dispatches() > before ? true : undefined), {
      what: 'the stream to be read',
      timeoutMs: 180_000,
    });
    await untilQuiet(meter, quietMs);
  }

  function dispatches(): number {
    const usage = meter.read().find(({ action, resource }) => action === 'Invoke' && resource === 'dispatch');
    return usage?.amounts.requests ?? 0;
  }

  it('takes the same requests and units for each message', async () => {
    const tens = await roundAfter(10);
    // A page that isn't full yet is cheaper to read, and that is all the difference.
    const hundreds = await roundAfter(100, (round) => growthOf(requestsOf(round), requestsOf(tens)).length === 0);
    const all = await roundAfter(longest, (round) => growthOf(round, hundreds).length === 0);
    expect(hundreds.messageIn?.['dynamodb TransactWriteItems items']?.requests).toBe(1);
    expect(hundreds.messageInWithSuggestion?.['lambda Invoke assistant']?.requests).toBe(1);
    expect(growthOf(all, hundreds)).toEqual([]);
    // What is refused is billed too.
    expect(Object.keys(all.messageIn ?? {}).filter((name) => name.includes('refused'))).toEqual([]);
    expect(growthOf(requestsOf(hundreds), requestsOf(tens))).toEqual([]);
    expect(growthOf({ messageIn: hundreds.messageIn ?? {} }, { messageIn: tens.messageIn ?? {} })).toEqual([]);
  }, 600_000);
});

function byName(usages: readonly Usage[]): Round[string] {
  return Object.fromEntries(
    usages
      .filter((usage) => services.has(usage.service) && !isPeriodic(usage) && !byTheClock.has(usage.resource))
      .map(({ service, action, resource, amounts: { requests, readUnits, writeUnits } }) => [
        `${service} ${action} ${resource}`,
        { requests, units: readUnits ?? writeUnits },
      ]),
  );
}

function requestsOf(round: Round): Round {
  return Object.fromEntries(
    Object.entries(round).map(([flow, usages]) => [
      flow,
      Object.fromEntries(Object.entries(usages).map(([name, { requests }]) => [name, { requests, units: undefined }])),
    ]),
  );
}

/** Whatever a round takes more of than an earlier one. */
function growthOf(round: Round, earlier: Round): string[] {
  return Object.entries(round).flatMap(([flow, usages]) =>
    Object.entries(usages).flatMap(([name, { requests = 0, units = 0 }]) => {
      const before = earlier[flow]?.[name];
      const [requestsBefore, unitsBefore] = [before?.requests ?? 0, before?.units ?? 0];
      const isMore = requests > requestsBefore || units > unitsBefore;
      return isMore ? [`${flow}, ${name}: ${requestsBefore} (${unitsBefore}) → ${requests} (${units})`] : [];
    }),
  );
}
