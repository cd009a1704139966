import { parseArgs } from 'node:util';
import { DeploymentError } from './deployment-error.ts';

export const usage = `Deploys everything into an AWS account, with the credentials of your shell, or the web app alone.

  npm run deploy -- --stage dev|prod       checks, builds, deploys all stacks, uploads the web app
  npm run deploy -- web --stage dev|prod   builds and uploads the web app

  --check                  only looks whether everything is there, and changes nothing
  --rollback               (deploy:web) puts the web app back that was there before; once more takes that back
  --account ID             refuses to work in any other account
  --profile P              of the AWS credentials
  --require-approval WHEN  (deploy) broadening: asks before it widens a permission (default); any-change; never`;

const approvals = ['broadening', 'any-change', 'never'] as const;

export interface Options {
  what: 'all' | 'web';
  stage: string;
  onlyCheck: boolean;
  rollback: boolean;
  account: string | undefined;
  profile: string | undefined;
  approval: (typeof approvals)[number];
}

/**
 * Reads the command line; `help` when that is what is asked for.
 * @throws DeploymentError naming the option and what it may be
 */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const what = positionals[0] === 'web' ? 'web' : 'all';
  const extra = positionals.slice(what === 'web' || positionals[0] === 'all' ? 1 : 0);
  if (extra.length) throw wrong(`${extra.join(' ')} is not an option.`);
  if (!values.stage) throw wrong('--stage is missing.');
  if (values.rollback && what === 'all')
    throw wrong('--rollback works only for the web app: npm run deploy -- web --rollback.');
  if (values.account && !/^\d{12}$/.test(values.account)) throw wrong('--account must be a number of 12 digits.');
  const approval = approvals.find((known) => known === values['require-approval']);
  if (!approval) throw wrong(`--require-approval must be one of ${approvals.join(', ')}.`);
  const { stage, check: onlyCheck, rollback, account, profile } = values;
  return { what, stage, onlyCheck, rollback, account, profile, approval };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stage: { type: 'string' },
        check: { type: 'boolean', default: false },
        rollback: { type: 'boolean', default: false },
        account: { type: 'string' },
        profile: { type: 'string' },
        'require-approval': { type: 'string', default: 'broadening' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(problem: string): DeploymentError {
  return new DeploymentError(problem, 'npm run deploy -- --help lists the options.');
}
