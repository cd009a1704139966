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
  bench: { says: 'memory, restart and phone-to-screen, against the bare library', run: program('bench') },
  chaos: { says: 'faults at random while people write to each other', run: program('chaos') },
  'lease-model': {
    says: 'the protocol of the leases against random schedules',
    run: program('lease-model', prepareTools),
  },
  'restore-drill': { says: 'a disaster, and everything brought back', run: program('restore-drill') },
  'iam-mutations': { says: 'each permission taken away or widened must be noticed', run: program('iam-mutations') },
  'page-builds': {
    says: 'all tests of the session hosts on each build of WhatsApp’s page',
    run: program('page-builds'),
  },
  'page-mutations': {
    says: 'each repair of WhatsApp’s page switched off must be noticed',
    run: program('page-mutations'),
  },
  mutation: {
    says: 'changes of the sources that no unit test notices',
    run: program('mutation', prepareTools),
  },
  image: { says: 'the session host’s image, built and run without Docker', run: program('image') },
  'cost-flows': { says: 'counts what each flow asks of AWS', run: program('cost-flows') },
  checkpoints: { says: 'what checkpoints cost, against RemoteAuth', run: program('checkpoints') },
  'checkpoints-load': {
    says: 'copies of a profile while its browser writes',
    run: ([copies = '200']) =>
      runMain('node_modules/vitest/vitest.mjs', {
        prepare,
        args: ['run', '--project', 'proofs', '--retry=0', '--reporter=verbose', 'checkpoints/under-load'],
        env: { CHECKPOINT_COPIES: copies },
      }),
  },
  replay: { says: 'real dialogues against the assistant', run: program('replay') },
  'live-check': { says: 'against the real WhatsApp, with a phone and a second number', run: program('live-check') },
});
