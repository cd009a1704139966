import type { KnownBuild } from '@top-active/aws';
import { capabilityNames } from '@top-active/core/contracts';
import type { StepName } from './steps.ts';

/** `checked` by what the app stores, or `asked` of the person who looked at the phone. */
export interface StepResult {
  step: StepName;
  outcome: 'passed' | 'failed' | 'skipped';
  how: 'checked' | 'asked';
  /** Of a failure: what was waited for did not come, the person said no, or the app refused. */
  why?: 'timed_out' | 'said_no' | 'refused' | undefined;
  /** From the moment that the person was told what to do, or that the app was asked. */
  ms: number;
}

export interface LiveReport {
  at: string;
  /** The real WhatsApp, or the stand-in: a rehearsal. */
  against: 'whatsapp' | 'stand-in';
  versions: { commit: string; library: string; chromium: string };
  builds: KnownBuild[];
  steps: StepResult[];
}

/**
 * The report as Markdown that may be published. It is made of names, states and times that this module knows; nothing
 * that a person wrote or is called gets in, since nothing free in form is taken over.
 */
export function writeReport(report: LiveReport): string {
  const { at, against, versions, builds, steps } = report;
  const count = (outcome: StepResult['outcome']) => steps.filter((step) => step.outcome === outcome).length;
  return [
    `# Live check of ${at.slice(0, 10)}`,
    '',
    against === 'whatsapp'
      ? 'Against the real WhatsApp.'
      : 'A rehearsal against the stand-in: it proves nothing about WhatsApp.',
    '',
    `- ${count('passed')} steps passed, ${count('failed')} failed, ${count('skipped')} skipped`,
    `- commit ${versions.commit}, whatsapp-web.js ${versions.library}, Chromium ${versions.chromium}`,
    '',
    '## Steps',
    '',
    '| step | outcome | by | time |',
    '| --- | --- | --- | --- |',
    ...steps.map(({ step, outcome, why, how, ms }) => {
      const reason = why === undefined ? '' : ` (${why.replace('_', ' ')})`;
      return `| ${step} | ${outcome}${reason} | ${how} | ${(ms / 1000).toFixed(1)} s |`;
    }),
    '',
    ...builds.flatMap(buildSection),
  ].join('\n');
}

function buildSection({ build, capabilities, repairs }: KnownBuild): string[] {
  return [
    `## Page build ${build}`,
    '',
    `Repairs applied: ${repairs.length === 0 ? 'none' : repairs.join(', ')}.`,
    '',
    '| capability | state |',
    '| --- | --- |',
    ...capabilityNames.map((name) => `| ${name} | ${capabilities[name].state} |`),
    '',
  ];
}
