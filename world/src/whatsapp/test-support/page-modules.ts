import { z } from 'zod';
import type { Client } from 'whatsapp-web.js';

/** What the page says of its modules. */
export function providedModules(client: Client): Promise<string[]> {
  return readNames(client, 'window.__modules');
}

export function missingModules(client: Client): Promise<string[]> {
  return readNames(client, 'window.__missing');
}

/** Of paths such as `WAWebCmd.Cmd.archiveChat` those that lead nowhere. */
export function absentMembers(client: Client, paths: string[]): Promise<string[]> {
  return readNames(client, `(${findAbsent})(${JSON.stringify(paths)})`);
}

const findAbsent = `(paths) => paths.filter((path) => {
  const [module, ...members] = path.split('.');
  let at = window.require(module);
  return members.some((member) => {
    const holder = Object(at);
    at = holder[member];
    return !(member in holder);
  });
})`;

async function readNames(client: Client, expression: string): Promise<string[]> {
  return z.array(z.string()).parse(await client.pupPage?.evaluate(expression));
}
