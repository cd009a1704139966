import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the installed library asks of the page, read from its own source. */
export interface LibraryRequests {
  /** Names of modules. */
  modules: string[];
  /** Paths into them: `WAWebCmd.Cmd.archiveChat`. */
  members: string[];
}

export function readLibraryRequests(): LibraryRequests {
  const root = join(dirname(createRequire(import.meta.url).resolve('whatsapp-web.js')), 'src');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const modules = new Set<string>();
  const members = new Set<string>();
  for (const source of sources) {
    for (const [, name = ''] of source.matchAll(/require\(\s*['"`](WA[A-Za-z0-9]+)['"`]/g)) modules.add(name);
    for (const [, name = '', path = ''] of source.matchAll(injected)) {
      modules.add(name);
      members.add(`${name}.${path}`);
    }
    for (const [, name = '', first = '', second] of source.matchAll(chained)) {
      const deeper = second !== undefined && !ofEveryModel.has(second) && first !== first.toLowerCase();
      members.add(deeper && holders.has(first) ? `${name}.${first}.${second}` : `${name}.${first}`);
    }
    for (const [, names = '', name = '', holder] of source.matchAll(destructured)) {
      const parent = holder === undefined ? name : `${name}.${holder}`;
      for (const member of names.split(',').map((part) => part.split(':')[0]?.trim() ?? '')) {
        if (member !== '') members.add(`${parent}.${member}`);
      }
    }
  }
  return { modules: [...modules].toSorted(), members: [...members].toSorted() };
}

/** `injectToFunction({ module: 'X', function: 'a.b' })` */
const injected = /module:\s*['"`](WA[A-Za-z0-9]+)['"`],\s*function:\s*['"`]([\w.]+)['"`]/g;
/** `require('X').a.b` over any number of lines */
const chained = /require\(\s*['"`](WA[A-Za-z0-9]+)['"`],?\s*\)\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?/g;
/** `const { a, b } = window.require('X').C` */
const destructured =
  /\{([\w\s,:]+)\}\s*=\s*window\s*\.require\(\s*['"`](WA[A-Za-z0-9]+)['"`],?\s*\)\s*(?:\.\s*(\w+))?/g;
/** Objects inside a module whose own members count. */
const holders = new Set([
  'Cmd',
  'Socket',
  'Conn',
  'Stream',
  'Msg',
  'Chat',
  'Contact',
  'GroupMetadata',
  'Blocklist',
  'ProfilePicThumb',
  'BusinessProfile',
  'Reactions',
  'Label',
  'Status',
]);
/** Functions of plain values, such as a string's. */
const ofEveryModel = new Set(['bind', 'call', 'apply', 'then', 'catch', '_serialized']);
