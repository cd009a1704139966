import { operatorFactsSchema, type OperatorFacts } from '@top-active/aws';
import { ok, warn, type Check, type Finding } from '../finding.ts';
import { judgeModel } from '../model.ts';
import { judgePageBuilds } from '../page-builds.ts';

const patienceMs = 5_000;

/** Of WhatsApp's page and of the model, as the stack on this machine knows them while it runs. */
export function localFactsChecks({ worldPort, now = Date.now }: { worldPort: number; now?: () => number }): Check[] {
  let asked: Promise<OperatorFacts | undefined> | undefined;
  const check = (title: string, judge: (facts: OperatorFacts) => Finding): Check => ({
    title,
    async look() {
      asked ??= readFacts(worldPort);
      const facts = await asked;
      return facts ? judge(facts) : ok('unknown: no stack is running');
    },
  });
  return [
    check('WhatsApp’s page', ({ builds }) => judgePageBuilds(builds, now())),
    check('Reception', ({ reception }) => judgeReception(reception)),
    check('Model', ({ model, models }) => judgeModel({ model, known: models, now: now() })),
  ];
}

function judgeReception(reception: OperatorFacts['reception']): Finding {
  if (reception === undefined) return ok('the session host has not reported yet; it does so once a minute');
  const troubled = Object.entries(reception.troubled);
  if (troubled.length === 0) return ok('no session has trouble receiving');
  const seen = troubled.map(([build, count]) => `${count} on page ${build}`).join(', ');
  return warn(
    `sessions that miss messages or get them late: ${seen}`,
    'See “Messages not coming through” in docs/operations/runbook.md.',
  );
}

/**
 * Undefined when nothing of ours answers there: the check of the port says why.
 * @throws Error for facts that can't be read
 */
async function readFacts(port: number): Promise<OperatorFacts | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/control/operator`, {
    signal: AbortSignal.timeout(patienceMs),
  }).catch(() => undefined);
  if (answer === undefined || answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`The stack answers ${answer.status}; npm start -- --verbose shows why.`);
  return operatorFactsSchema.parse(await answer.json());
}
