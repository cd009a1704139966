import { pageBuildLines } from '@top-active/session-host/page-build-lines';
import { z } from 'zod';
import { parseLogLine } from './stack/parse-log-line.ts';

/** Where `npm start` shows a line. */
export interface TerminalLine {
  stream: 'stdout' | 'stderr';
  text: string;
}

const pageLineSchema = z.object({
  message: z.enum(pageBuildLines),
  build: z.string(),
  // The logger leaves out what is empty.
  missing: z.string().default(''),
  repaired: z.string().default(''),
});
type PageLine = z.infer<typeof pageLineSchema>;

/**
 * What the terminal shows of a log line. Warnings and errors are shown as they are. A page of WhatsApp is told in
 * words, and only where it is news: nobody need be told of a build that comes with this simulated world and works.
 * @param expectedBuilds versions of the pages that the simulated WhatsApp serves; none for the real one.
 */
export function terminalLine(line: string, expectedBuilds: readonly string[]): TerminalLine | undefined {
  const page = pageLineSchema.safeParse(parseLogLine(line)).data;
  if (page) return isNews(page, expectedBuilds) ? { stream: 'stdout', text: describePage(page) } : undefined;
  return /"level":"(?:ERROR|WARN)"/i.test(line) ? { stream: 'stderr', text: line } : undefined;
}

function isNews({ message, build, missing }: PageLine, expectedBuilds: readonly string[]): boolean {
  return missing !== '' || (message === pageBuildLines.first && !expectedBuilds.includes(build));
}

function describePage({ build, missing, repaired }: PageLine): string {
  const parts = [missing && `missing: ${missing}`, repaired && `repaired: ${repaired}`].filter((part) => part !== '');
  return `  WhatsApp's page ${build} was loaded here: ${parts.join('; ') || 'everything works'}.`;
}
