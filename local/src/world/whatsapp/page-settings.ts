import { z } from 'zod';

/** Shapes of WhatsApp's page that this world can serve, oldest first: see `page/builds/index.ts`. */
export const pageBuilds = ['2026-04', '2026-07'] as const;
export type PageBuild = (typeof pageBuilds)[number];

/** Which page the world serves. World-wide, and met by the next document that is loaded. */
export const pageSettingsSchema = z
  .object({
    build: z.enum(pageBuilds),
    /** How a message's key names its text in builds since July 2026, where it used to be `_serialized`. */
    alias: z.enum(['$1', '$2', 'a']),
  })
  .strict();

export type PageSettings = z.infer<typeof pageSettingsSchema>;

export const pageChangesSchema = pageSettingsSchema.partial();
export type PageChanges = z.infer<typeof pageChangesSchema>;

const defaults: PageSettings = { build: '2026-04', alias: '$1' };

/** What is set, with the defaults for the rest. */
export function resolvePage({ build, alias }: PageChanges): PageSettings {
  return { build: build ?? defaults.build, alias: alias ?? defaults.alias };
}

/** What isn't named stays as it was. */
export function mergePage(before: PageChanges, changes: PageChanges): PageChanges {
  return { build: changes.build ?? before.build, alias: changes.alias ?? before.alias };
}
