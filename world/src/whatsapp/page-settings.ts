import { z } from 'zod';

import { keyAliases, longestRegisterMs, newestBuild, pageBuilds, signatures } from './page-builds.ts';

/** Changes that no build is known to have, on top of any. */
const rehearsalsSchema = z
  .object({
    /** How the chat is handed to `sendSeen`: in an object, as since January 2026, or by itself. */
    seenSignature: z.enum(signatures),
    /** How the chat is handed to `loadEarlierMsgs`: in an object, as since April 2026, or by itself. */
    loadSignature: z.enum(signatures),
    /** A module is gone that the library asks for while it attaches its listeners. */
    throwingListener: z.boolean(),
    /** There is no `loadEarlierMsgs`: history comes from `WAWebDBMessageFindLocal` alone. */
    historyQuery: z.boolean(),
    /** Ids of people and groups are without `_serialized` too. */
    widAlias: z.boolean(),
    /** The collection of messages grows without an event. */
    msgAddSilent: z.boolean(),
    /** Reactions and votes pass by the functions into which the library puts its own. */
    reactionsElsewhere: z.boolean(),
    /** There is no `window.require`. */
    noRequire: z.boolean(),
  })
  .strict();

/** Which page the world serves. World-wide, and met by the next document that is loaded. */
const pageSettingsSchema = z
  .object({
    build: z.enum(pageBuilds),
    /** How a message's key names its text in builds since July 2026, where it used to be `_serialized`. */
    alias: z.enum(keyAliases),
    /** Builds since `2026-07-lazy` register most of their modules over so long. Milliseconds. */
    registerMs: z.number().int().min(0).max(longestRegisterMs),
    rehearsals: rehearsalsSchema,
  })
  .strict();

export type PageSettings = z.infer<typeof pageSettingsSchema>;

export const pageChangesSchema = pageSettingsSchema.extend({ rehearsals: rehearsalsSchema.partial() }).partial();
export type PageChanges = z.infer<typeof pageChangesSchema>;

const noRehearsals: PageSettings['rehearsals'] = {
  seenSignature: 'object',
  loadSignature: 'object',
  throwingListener: false,
  historyQuery: false,
  widAlias: false,
  msgAddSilent: false,
  reactionsElsewhere: false,
  noRequire: false,
};

/** Lazy modules are the point of one build, and would cost every test of the later ones as much. */
const registerMs = { '2026-04': 0, '2026-07': 0, '2026-07-lazy': 5000, '2026-08': 0, '2026-09': 0 };

/** What is set, with the defaults for the rest. */
export function resolvePage(changes: PageChanges): PageSettings {
  const { build = newestBuild, alias = '$1', rehearsals = {} } = changes;
  return {
    build,
    alias,
    registerMs: changes.registerMs ?? registerMs[build],
    rehearsals: { ...noRehearsals, ...named(rehearsals) },
  };
}

/** What isn't named stays as it was. */
export function mergePage(before: PageChanges, changes: PageChanges): PageChanges {
  const rehearsals = { ...before.rehearsals, ...named(changes.rehearsals ?? {}) };
  return { ...before, ...named(changes), rehearsals };
}

type Named<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function named<T extends object>(input: T): Named<T> {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same entries, but for those without a value
  return Object.fromEntries(entries) as Named<T>;
}
