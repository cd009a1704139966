import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createWhatsAppWorld } from '@top-active/world/whatsapp';
import {
  createSharedUserHomes,
  createWhatsAppWebEngine,
  type EngineEvent,
  type EngineSession,
} from '@top-active/session-host/engine';
import { usageOfTree } from './process-usage.ts';

/**
 * What one heartbeat with the witness's look takes, at one message per second: the same session with heartbeats as in
 * production (5 s) and with as many as fit, whose difference is theirs.
 * `node proofs/bench/heartbeat-cost.ts [seconds per part, 40]`.
 */

const owner = '5511999990000';
const customer = '5511988887777';
const often = 100;
const rarely = 5_000;
const seconds = Number(process.argv[2] ?? 40);

interface Cost {
  looks: number;
  browserMs: number;
  nodeMs: number;
}

/**
 * CPU of a linked session over so many seconds, browser and Node apart. Node also runs the simulated WhatsApp, in both
 * parts alike.
 */
async function measure(heartbeatMs: number): Promise<Cost> {
  const dir = await mkdtemp(join(tmpdir(), 'heartbeat-cost-'));
  const world = await createWhatsAppWorld({ dir: join(dir, 'whatsapp') });
  const homes = createSharedUserHomes({ scratchDir: join(dir, 'scratch'), setprivPath: '/usr/bin/setpriv' });
  let session: EngineSession | undefined;
  try {
    world.addPhone({ number: owner, name: 'Clínica Aurora' });
    world.addPhone({ number: customer, name: 'Ana' });
    await homes.prepare();
    const ready = Promise.withResolvers<void>();
    const engine = createWhatsAppWebEngine({
      browser: {
        chromiumPath: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
        chromiumVersion: '156.0.0.0',
        extraArgs: world.chromiumArgs,
      },
      times: { heartbeatMs },
    });
    const onEvent = (event: EngineEvent): void => {
      if (event.type === 'qr') world.scan(owner, event.code);
      if (event.type === 'ready') ready.resolve();
      if (event.type === 'died') ready.reject(new Error(`The session died: ${event.cause}`));
      if (event.type === 'message') session?.noteStored(event.message);
    };
    session = engine.start({ home: await homes.open(undefined), onEvent });
    await ready.promise;
    // The probe and the first look are over.
    await delay(8_000);
    const { pid = 0 } = session;
    const before = { browser: usageOfTree(pid).browsers.cpuMs, node: process.cpuUsage() };
    for (let i = 0; i < seconds; i++) {
      world.send({ from: customer, to: owner, text: `mensagem ${i}` });
      await delay(1_000);
    }
    const { user, system } = process.cpuUsage(before.node);
    return {
      looks: (seconds * 1_000) / heartbeatMs,
      browserMs: usageOfTree(pid).browsers.cpuMs - before.browser,
      nodeMs: (user + system) / 1_000,
    };
  } finally {
    await session?.stop();
    await homes.close();
    await world.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const slow = await measure(rarely);
const fast = await measure(often);
const looks = fast.looks - slow.looks;
const perLook = (key: 'browserMs' | 'nodeMs') => (fast[key] - slow[key]) / looks;
const shareOf = (ms: number) => `${((ms / rarely) * 100).toFixed(3)} % of a core`;
process.stdout.write(
  `${JSON.stringify({ seconds, slow, fast }, undefined, 2)}\n` +
    `One heartbeat with its look: browser ${perLook('browserMs').toFixed(2)} ms, Node ${perLook('nodeMs').toFixed(2)} ms; every ${rarely / 1_000} s: ` +
    `${shareOf(perLook('browserMs') + perLook('nodeMs'))}\n`,
);
