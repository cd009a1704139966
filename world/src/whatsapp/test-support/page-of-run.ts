import { pageChangesSchema, type PageChanges } from '../page-settings.ts';

/**
 * The page that a test asks for; the build of the whole run where it names none, else the newest:
 * `PAGE_BUILD=2026-07 npx vitest run …`.
 * @throws ZodError when there is no such build
 */
export function pageOfRun(page: PageChanges = {}): PageChanges {
  return pageChangesSchema.parse({ build: process.env.PAGE_BUILD, ...page });
}
