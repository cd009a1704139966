import type { Attempt } from './attempts-on-items.ts';

export interface Played {
  tried: number;
  /** What was not refused, or refused for another reason than who asked. */
  through: { what: string; outcome: string }[];
}

const denials = new Set(['AccessDenied', 'AccessDeniedException', 'ForbiddenException', 'Refused', '403']);

/** Makes each attempt. Only a refusal by IAM, or of the API, that says nothing of the neighbour's counts as one. */
export async function playAttempts(attempts: readonly Attempt[], mark: string): Promise<Played> {
  const through: Played['through'] = [];
  for (const { what, run } of attempts) {
    const outcome = await run().then(
      (answer) => `allowed: ${JSON.stringify(answer).slice(0, 200)}`,
      (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
        // HEAD has no body that could say more than its status.
        const name = error.name === 'Unknown' ? String(error.$metadata?.httpStatusCode) : error.name;
        return denials.has(name) && !error.message.includes(mark) ? 'denied' : `${error.name}: ${error.message}`;
      },
    );
    if (outcome !== 'denied') through.push({ what, outcome });
  }
  return { tried: attempts.length, through };
}
