import type { Client } from 'whatsapp-web.js';

/** What the page says of its modules. */
interface PageGlobals {
  __modules: string[];
  __missing: string[];
  require: (name: string) => unknown;
}

export function providedModules(client: Client): Promise<string[]> {
  return pageOf(client).evaluate(() => (globalThis as unknown as PageGlobals).__modules);
}

export function missingModules(client: Client): Promise<string[]> {
  return pageOf(client).evaluate(() => (globalThis as unknown as PageGlobals).__missing);
}

/** Of paths such as `WAWebCmd.Cmd.archiveChat` those that lead nowhere. */
export function absentMembers(client: Client, paths: string[]): Promise<string[]> {
  return pageOf(client).evaluate((candidates) => {
    const page = globalThis as unknown as PageGlobals;
    return candidates.filter((path) => {
      const [module = '', ...members] = path.split('.');
      let at: unknown = page.require(module);
      return members.some((member) => {
        const holder = Object(at) as Record<string, unknown>;
        at = holder[member];
        return !(member in holder);
      });
    });
  }, paths);
}

function pageOf(client: Client) {
  if (client.pupPage === undefined) throw new Error('The client has no page yet.');
  return client.pupPage;
}
