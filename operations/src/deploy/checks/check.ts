/** What a look brought: what is there, or what is wrong and what to do about it. */
export type Finding = { seen: string; hint?: string } | { problem: string; remedy: string };

export interface Check {
  title: string;
  /** Title of a check without whose success this one can't say anything. */
  needs?: string;
  look: () => Finding | Promise<Finding>;
}

/**
 * Runs checks in their order and prints what each found. None is left out for a failure that has nothing to do with it,
 * so that everything that is wrong is told at once.
 * @returns titles of those that found something wrong
 */
export async function runChecks(checks: readonly Check[], print: (line: string) => void): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, needs, look } of checks) {
    if (needs && failed.includes(needs)) {
      failed.push(title);
      print(`  – ${title}: not checked, because "${needs}" failed`);
      continue;
    }
    const finding = await look();
    if ('seen' in finding) print(`  ✓ ${title}: ${finding.seen}${finding.hint ? `\n      ${finding.hint}` : ''}`);
    else {
      failed.push(title);
      print(`  ✗ ${title}: ${finding.problem}\n      ${finding.remedy}`);
    }
  }
  return failed;
}
