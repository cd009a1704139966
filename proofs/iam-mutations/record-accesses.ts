import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createWorldClient, demoPassword, followEvents, until } from '@top-active/local/client';
import { type AccessEvent, conditionKeysOf } from '@top-active/cloud/iam';
import { setScene } from '../cost-flows/flows.ts';
import { linkOwner, newOwner, pendingSuggestion } from '../cost-flows/owner.ts';
import { bootStack, type Stack } from '@top-active/local/stack';
import { ownUser, type Check } from './check.ts';
import { fixedIds } from './read-policies-to-mutate.ts';

/** The clockwork of the product turns once a minute. */
const twoTurnsMs = 130_000;
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Runs the product through all it does, and answers what it was allowed meanwhile, each access once. */
export async function recordAccesses(): Promise<Check[]> {
  const dir = mkdtempSync(join(tmpdir(), 'iam-record-'));
  const events: AccessEvent[] = [];
  const stack = await bootStack({
    dir,
    onAccess: (event) => events.push(event),
    // What the product is denied, it lacks: better seen here than by the wait for what doesn't come.
    onLog: (line) => (line.includes('"Access denied"') ? process.stderr.write(`${line}\n`) : undefined),
  });
  try {
    await live(stack);
  } finally {
    await stack.close();
    rmSync(dir, { recursive: true, force: true });
  }
  const relevant = conditionKeysOf(stack.cloud.deployment.policies);
  const checks = events
    .filter(({ decision }) => decision === 'allow')
    .map((event) => normalize(event, { stack, relevant }));
  const once = new Map(checks.map((check) => [JSON.stringify(check), check]));
  return [...once].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => check);
}

/** From the registration to the erasure. */
async function live(stack: Stack): Promise<void> {
  const world = createWorldClient(stack.worldOrigin);
  const owner = await newOwner({ stack, world, number: 1 });
  const { user } = owner;
  await linkOwner(owner, world);
  const scene = await setScene({ stack, world, owner });
  const realtime = await followEvents({ api: user.api, onEvent: () => undefined });
  const greeting = 'Bom dia! Em que posso ajudar?';
  await user.send(scene.chatId, greeting, randomUUID());
  // An answer of the owner's that came later than the question would be the answer to it.
  await until(async () => (await user.messages(scene.chatId)).find(({ text }) => text === greeting), {
    what: 'the owner’s message',
    timeoutMs: 60_000,
  });
  await user.setAssistant(scene.chatId, 'suggest');
  await world.write(scene.customer, owner.phone, 'Tem horário amanhã à tarde? Seria para uma limpeza.');
  const { id } = await until(() => pendingSuggestion(user, scene.chatId).catch(() => undefined), {
    what: 'a suggestion',
    timeoutMs: 60_000,
  });
  await user.api.request(`/api/suggestions/${id}/accept`, { method: 'POST', body: {} });
  for (const path of [
    '/api/me',
    '/api/chats',
    '/api/events?after=0',
    '/api/credentials',
    `/api/chats/${scene.chatId}/messages`,
  ])
    await user.api.request(path);
  await user.api.request('/api/me', { method: 'PATCH', body: { about: 'x' } });
  await pause(twoTurnsMs);
  realtime.close();
  await user.api.request('/api/google', { method: 'DELETE' });
  await user.api.request('/api/credentials/openai', { method: 'DELETE' });
  await user.api.request('/api/whatsapp/disconnect', { method: 'POST', body: {} });
  await user.api.request('/api/auth/refresh', { method: 'POST', body: {} }).catch(() => undefined);
  await user.api.request('/api/me', { method: 'DELETE', body: { password: demoPassword } });
  await pause(twoTurnsMs);
}

/** What no run makes up twice alike becomes what is always the same; what no policy asks for is left out. */
function normalize(
  { principal, role, action, resource, context }: AccessEvent,
  { stack, relevant }: { stack: Stack; relevant: ReadonlySet<string> },
): Check {
  const { kmsKeyId, pool } = stack.cloud;
  const plain = (text: string) =>
    text
      .replaceAll(kmsKeyId, fixedIds.secretsKey)
      .replaceAll(pool.userPoolId, fixedIds.userPool)
      .replaceAll(/^arn:.*:table\/items\/stream\/.*$/g, fixedIds.stream)
      .replace(/@connections\/.*$/, '@connections/connection');
  const anonymous = (text: string) => plain(text).replace(uuid, ownUser);
  const facts = Object.entries(context).filter(([key]) => relevant.has(key.toLowerCase()));
  // Only what a table's own policy compares is worth telling apart.
  const told = facts.map(([key, value]) => [
    key,
    resource.endsWith('/limits') ? ['limit'] : Array.isArray(value) ? value.map(anonymous) : anonymous(value),
  ]);
  const once = told.map(([key, value]) => [key, Array.isArray(value) ? [...new Set(value)].toSorted() : value]);
  return {
    principal: anonymous(principal),
    ...(role !== undefined && { role }),
    action,
    resource: plain(resource),
    context: Object.fromEntries(once),
  };
}
