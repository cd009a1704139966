import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import whatsapp from 'whatsapp-web.js';
import { membersNotProvided, modulesNotProvided } from './modules-not-provided.ts';
import type { WhatsAppWorld } from './server.ts';
import type { LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { readLibraryRequests } from './test-support/library-requests.ts';
import { absentMembers, missingModules, providedModules } from './test-support/page-modules.ts';

/** Media through the page, and the page itself. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let linked: LinkedOwner;
let session: LaunchedClient;
let world: WhatsAppWorld;

beforeAll(async () => {
  linked = await linkOwner();
  ({ session, world } = linked);
}, 60_000);

afterAll(() => linked.close());

describe('media', () => {
  it('comes in and is downloaded', async () => {
    world.send({ from: customer, to: owner, media: { mimetype: 'image/png', data: png, caption: 'meu exame' } });
    const message = await linked.next('meu exame');
    expect(message).toMatchObject({ hasMedia: true, type: 'image' });
    expect(await message.downloadMedia()).toMatchObject({ mimetype: 'image/png', data: png });
  });

  it('goes out', async () => {
    const media = new whatsapp.MessageMedia(
      'application/pdf',
      Buffer.from('%PDF-1.7 recibo').toString('base64'),
      'recibo ção.pdf',
    );
    const sent = await session.client.sendMessage(customerId, media, { caption: 'Segue o recibo' });
    expect(sent).toMatchObject({ type: 'document', hasMedia: true });
    const received = await vi.waitFor(() => {
      const [last] = world.received({ phone: customer, limit: 1000 }).slice(-1);
      expect(last).toMatchObject({ type: 'document', text: 'Segue o recibo', media: { filename: 'recibo ção.pdf' } });
      return last;
    }, soon);
    expect(Buffer.from(world.mediaBytes(received?.media?.id ?? '')?.bytes ?? []).toString()).toBe('%PDF-1.7 recibo');
    const picture = await session.client.sendMessage(customerId, new whatsapp.MessageMedia('image/png', png));
    expect(await picture.downloadMedia()).toMatchObject({ mimetype: 'image/png', data: png });
  });

  it('that has expired comes to nothing', async () => {
    const { media } = world.send({
      from: customer,
      to: owner,
      media: { mimetype: 'image/png', data: png, caption: 'some' },
    });
    world.act(owner, { action: 'expire-media', media: media?.id ?? '' });
    expect(await (await linked.next('some')).downloadMedia()).toBeUndefined();
  });
});

describe('the page', () => {
  it('has every module that the installed library asks for, or says why not', async () => {
    const { modules } = readLibraryRequests();
    const provided = await providedModules(session.client);
    expect(modules.length).toBeGreaterThan(100);
    const known = new Set([...provided, ...Object.keys(modulesNotProvided)]);
    expect(modules.filter((name) => !known.has(name))).toEqual([]);
    expect(
      Object.keys(modulesNotProvided).filter((name) => provided.includes(name) || !modules.includes(name)),
    ).toEqual([]);
  });

  it('has every member of those modules that the installed library uses, or says why not', async () => {
    const paths = readLibraryRequests().members.filter(
      (path) => modulesNotProvided[path.split('.')[0] ?? ''] === undefined,
    );
    const absent = await absentMembers(session.client, paths);
    expect(paths.length).toBeGreaterThan(100);
    expect(absent.toSorted()).toEqual(Object.keys(membersNotProvided).toSorted());
  });

  it('was never asked for a module that it lacks, and never failed', async () => {
    expect(await missingModules(session.client)).toEqual([]);
    expect(world.missingModules()).toEqual([]);
    expect(world.events({ limit: 10_000 }).filter((event) => event.kind === 'page-error')).toEqual([]);
  });

  it('does nothing while nothing happens', async () => {
    const devtools = await session.client.pupPage?.createCDPSession();
    await devtools?.send('Performance.enable');
    const work = async () => {
      const { metrics = [] } = (await devtools?.send('Performance.getMetrics')) ?? {};
      return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0;
    };
    const before = await work();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await work()) - before).toBeLessThan(0.05);
  });
});
