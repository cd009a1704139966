import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createClosers } from '@top-active/local/stack/closers';
import { bootStage, type Stage } from './boot-stage.ts';
import { watchBrowsers } from './browser-watch.ts';
import { faultOf, type FaultKind } from './faults.ts';
import { createFleet, type Fleet, type Host } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { patiently } from './patiently.ts';
import { createPerson, type Person } from './people.ts';
import type { FaultRecord } from './records.ts';

export interface ChaosOptions {
  dir: string;
  /** One after the other; `planFaults` makes such a list. */
  faults: readonly FaultKind[];
  users: number;
  hosts: number;
  everyMs: number;
  /** From 0 to 1: which host is struck. */
  random: () => number;
  onStep: (text: string) => void;
  /** Lines of the hosts, each with its host. */
  onLog: (line: string) => void;
}

const saidSchema = z.object({ message: z.literal('A browser runs'), pid: z.int(), userId: z.string() });

const calmBeforeMs = 12_000;
const settleWithinMs = 150_000;
/** The least that a fault is given to show its effect on a message. */
const effectMs = 8_000;

/** Session hosts, people who write and order all the time, and one fault after the other. Ends by itself. */
export async function runChaos(options: ChaosOptions): Promise<Verdict> {
  const { dir, users, hosts, onStep } = options;
  const closers = createClosers();
  const began = performance.now();
  const now = () => Math.round(performance.now() - began);
  try {
    const stage = await bootStage({ dir, closers, onLog: options.onLog });
    const browsers = watchBrowsers({ folder: join(dir, 'scratch-'), now });
    closers.add(() => void browsers.close());
    const diskFile = join(dir, 'disk-trouble');
    const onLog = (host: string, line: string) => {
      const said = parse(line);
      if (said) browsers.note(said.pid, said.userId);
      options.onLog(`${now()} ${host} ${line}`);
    };
    const fleet = createFleet({ stage, closers, diskFile, onLog });
    await Promise.all(Array.from({ length: hosts }, () => fleet.start()));
    const people: Person[] = [];
    closers.add(() => Promise.all(people.map((person) => person.close())));
    await Promise.all(
      Array.from({ length: users }, async (_, i) => people.push(await createPerson(i, { stage, now }))),
    );
    onStep(`${hosts} hosts, ${users} users are linked, ${now()} ms`);
    const lastBefore = stage.world.lastEvent();
    for (const person of people) person.begin();
    await delay(calmBeforeMs);

    const records = await strikeAll({
      options,
      stage,
      fleet,
      people,
      browsers,
      diskFile,
      now,
    });

    await Promise.all(people.map((person) => person.fallSilent()));
    onStep('All are silent');
    await settle(people);
    const events = stage.world.events({ after: lastBefore, limit: 1_000_000 });
    const verdict = judge({
      users: await Promise.all(people.map((person) => person.record())),
      faults: records,
      browsers: browsers.close(),
      newCodes: events.filter(({ kind }) => kind === 'link-waiting' || kind === 'linked').length,
    });
    await fleet.stop();
    return verdict;
  } finally {
    await closers.closeAll();
  }
}

async function strikeAll(scene: {
  options: ChaosOptions;
  stage: Stage;
  fleet: Fleet;
  people: readonly Person[];
  browsers: ReturnType<typeof watchBrowsers>;
  diskFile: string;
  now: () => number;
}): Promise<FaultRecord[]> {
  const { options, people, browsers, diskFile, now } = scene;
  const records: FaultRecord[] = [];
  const mending: Promise<void>[] = [];
  for (const kind of options.faults) {
    const fault = faultOf(kind);
    const { lastsMs, kills, everywhere } = fault;
    const chosen = await choose(scene);
    const browser = browsers.pidsOf(chosen.people[0].name)[0];
    const struck = kind === 'kill -9 browser' ? chosen.people.slice(0, 1) : everywhere ? people : chosen.people;
    const at = now();
    const mend = fault.strike({ host: chosen.host, browser, diskFile });
    const until = at + Math.max(options.everyMs, lastsMs, effectMs);
    records.push({ kind, host: chosen.host.name, at, until, kills, users: struck.map(({ name }) => name) });
    options.onStep(
      `${String(records.length).padStart(3)}  ${everywhere ? kind : `${kind} ${chosen.host.name}`}, ${struck.length} sessions, at ${Math.round(at / 1000)} s`,
    );
    mending.push(delay(lastsMs).then(mend));
    await delay(options.everyMs);
  }
  await Promise.all(mending);
  return records;
}

/**
 * A host that has sessions, each with its browser, and isn't about to end, while another one is there to take over;
 * waits until there is one.
 */
async function choose({
  stage,
  fleet,
  people,
  browsers,
  options: { random },
}: {
  stage: Stage;
  fleet: Fleet;
  people: readonly Person[];
  browsers: ReturnType<typeof watchBrowsers>;
  options: ChaosOptions;
}): Promise<{ host: Host; people: [Person, ...Person[]] }> {
  for (;;) {
    const { leases, heartbeats } = await patiently(() => stage.leases.look());
    const holderOf = (shard: number) => {
      const lease = leases.find((one) => one.shard === shard);
      const holder = heartbeats.find(({ hostId, instance }) => hostId === lease?.hostId && instance === lease.instance);
      return holder && !holder.ended && Date.now() - holder.sentAt < 10_000 ? holder.hostId : undefined;
    };
    const able = fleet.hosts().filter(({ isEnding }) => !isEnding);
    const hostOf = ({ shard }: Person) => able.find(({ name }) => holderOf(shard)?.endsWith(`:${name}`));
    // By a person, so that a host with many sessions is struck more often.
    const struck = people[Math.floor(random() * people.length)];
    const host = struck && hostOf(struck);
    if (host && able.length > 1) {
      const others = people.filter((person) => person !== struck && hostOf(person) === host);
      if ([struck, ...others].every(({ name }) => browsers.pidsOf(name).length > 0))
        return { host, people: [struck, ...others] };
    }
    await delay(500);
  }
}

async function settle(people: readonly Person[]): Promise<void> {
  const deadline = performance.now() + settleWithinMs;
  while (performance.now() < deadline) {
    const settled = await Promise.all(people.map((person) => person.isSettled()));
    if (settled.every(Boolean)) return;
    await delay(1_000);
  }
}

function parse(line: string): z.infer<typeof saidSchema> | undefined {
  try {
    return saidSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // Not everything that a process prints is JSON.
    return undefined;
  }
}
