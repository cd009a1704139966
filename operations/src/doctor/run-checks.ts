import { fail, type Check, type Finding } from './finding.ts';

export interface Result extends Finding {
  title: string;
}

const timeLimitMs = 15_000;

/** Makes all checks at once, each within its time. One that can't be made counts as failed, and says why. */
export async function runChecks(checks: readonly Check[], { limitMs = timeLimitMs } = {}): Promise<Result[]> {
  return Promise.all(
    checks.map(async ({ title, look }) => {
      const tooLate = Promise.withResolvers<Finding>();
      const timer = setTimeout(
        () => tooLate.resolve(fail(`no answer within ${limitMs / 1000} s`, 'Check the network and try again.')),
        limitMs,
      );
      try {
        return { title, ...(await Promise.race([look(), tooLate.promise])) };
      } catch (error) {
        return { title, ...couldNotLook(error) };
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}

/** The error's own words: AWS names the action that is missing, and nothing secret. */
function couldNotLook(error: unknown): Finding {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const isDenied = error instanceof Error && /AccessDenied|UnauthorizedOperation/.test(error.name);
  return fail(
    text.slice(0, 300),
    isDenied ? 'Use credentials that may read what the message names.' : 'Mend what the message names, and try again.',
  );
}
