// `npm run prove -- NAME`: proofs that take longer than a test may, and benchmarks.
import { choose } from './setup/choose.mjs';
import { prepare, prepareTools } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

/** @param {string} folder @param {typeof prepare} [preparation] */
const program =
  (folder, preparation = prepare) =>
  (/** @type {string[]} */ args) =>
    runMain(`proofs/${folder}/main.ts`, { prepare: preparation, args });

await choose('npm run prove', {
  bench: {
    says: 'memory, restart time and time from phone to screen, compared with the bare library',
    run: program('bench'),
  },
  chaos: { says: 'random faults while people write to each other', run: program('chaos') },
  'lease-model': {
    says: 'the lease protocol under random schedules',
    run: program('lease-model', prepareTools),
  },
  'restore-drill': { says: 'a rehearsed disaster, after which everything is restored', run: program('restore-drill') },
  'iam-mutations': { says: 'removes or widens each IAM permission; a test must notice', run: program('iam-mutations') },
  fuzz: {
    says: 'requests made from the OpenAPI document, good and broken, by a user with a neighbour',
    run: program('fuzz'),
  },
  isolation: { says: 'a taken-over function of one tenant against everything of another', run: program('isolation') },
  'supply-chain': {
    says: 'a bill of materials (CycloneDX), and known faults of the packages in it',
    run: program('supply-chain', prepareTools),
  },
  'page-builds': {
    says: 'all session host tests on each build of WhatsApp’s page',
    run: program('page-builds'),
  },
  'page-mutations': {
    says: 'switches off each repair of WhatsApp’s page; a test must notice',
    run: program('page-mutations'),
  },
  mutation: {
    says: 'mutation tests: changes of the source code that no unit test notices',
    run: program('mutation', prepareTools),
  },
  image: { says: 'the session host’s image, built and run without Docker', run: program('image') },
  'cost-flows': { says: 'counts the AWS requests of each flow', run: program('cost-flows') },
  checkpoints: { says: 'size and time of checkpoints, compared with RemoteAuth', run: program('checkpoints') },
  'checkpoints-load': {
    says: 'copies a browser profile while the browser writes to it',
    run: ([copies = '200']) =>
      runMain('node_modules/vitest/vitest.mjs', {
        prepare,
        args: ['run', '--project', 'proofs', '--retry=0', '--reporter=verbose', 'checkpoints/under-load'],
        env: { CHECKPOINT_COPIES: copies },
      }),
  },
  replay: { says: 'replays recorded dialogues with the assistant', run: program('replay') },
  'live-check': {
    says: 'checks the product against the real WhatsApp, with a phone and a second number',
    run: program('live-check'),
  },
});
