import type { Stack } from './boot-stack.ts';

/** What a person needs to know when the stack is up. */
export function describeAddresses({
  appOrigin,
  worldOrigin,
  live,
}: Pick<Stack, 'appOrigin' | 'worldOrigin' | 'live'>): string {
  const lines: [string, string][] = [
    ['App', appOrigin],
    ['Mailbox (e-mails of Cognito)', `${worldOrigin}/mailbox`],
    ['API reference', `${worldOrigin}/reference`],
  ];
  if (!live)
    lines.splice(
      1,
      0,
      ['Simulated phones', `${worldOrigin}/phones/`],
      ['OpenAI key for the demo', 'sk-simulated-demo-key-0000000000000000000000'],
    );
  const width = Math.max(...lines.map(([name]) => name.length));
  const mode = live
    ? 'LIVE: the real WhatsApp, Google and OpenAI. Linking is at your own risk.'
    : 'WhatsApp, Google and OpenAI are simulated: nothing leaves this machine.';
  return `\n${lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}\n\n  ${mode}\n  Ctrl-C ends everything.\n`;
}
