import { linkStates, type LinkState } from '@top-active/core/contracts';
import { reduceLink, type LinkEvent, type LinkFailure } from './link-machine.ts';
import { sampleEvents, sampleStatuses } from './link-samples.ts';

/** What a state means, and the one thing that its owner can do in it. */
const states: Record<LinkState, { means: string; action: string }> = {
  unlinked: {
    means: 'Nothing is linked. With `remainsOnPhone`: the phone could not be told.',
    action: 'accept the notice, once, and begin',
  },
  starting: { means: "WhatsApp's page is being opened.", action: 'wait, or cancel' },
  qr: { means: 'A QR code is shown; the next one takes its place by itself.', action: 'scan it with the phone' },
  code: { means: 'A code of eight characters is shown.', action: 'type it on the phone' },
  scanned: { means: 'The phone has read the code.', action: 'wait, or cancel' },
  passkey: { means: "WhatsApp asks for the account's passkey.", action: 'sign with the extension, or refuse' },
  code_comparison: { means: 'Page and phone show a code.', action: 'say whether it is the same' },
  syncing: { means: 'Linked; conversations are being synchronised.', action: 'wait, also with the page closed' },
  linked: { means: 'Linked and connected.', action: 'unlink' },
  reconnecting: { means: 'Linked; the connection is coming back by itself.', action: 'wait, or unlink' },
  qr_expired: { means: 'Nobody has read a code in time, or the phone let nothing be linked.', action: 'one click' },
  logged_out: { means: 'The device was removed on the phone.', action: 'link anew' },
  failed: { means: 'The attempt or the session has ended, see below.', action: 'try again' },
};

const failures: Record<LinkFailure, string> = {
  engine_incompatible: 'WhatsApp Web has changed and the library does not fit any more.',
  start_timeout: "WhatsApp's page didn't come up in time.",
  browser_died: 'The browser died again and again.',
  refused: 'WhatsApp refuses the connection.',
  banned: 'WhatsApp has banned the account.',
  host_busy: 'No session host has room. A linked account comes back by itself.',
  idle: 'Paused, since nobody used it.',
  session_unknown:
    "WhatsApp doesn't know the session any more: it was removed on the phone while no host ran it, or what is saved is of no use. It is kept and tried again before a new code is shown.",
  host_outdated: 'A newer Chromium has saved the session. It comes back by itself on a host that has it.',
  passkey_refused: 'The owner has refused to sign.',
  passkey_expired: 'Nobody has signed in time.',
  passkey_rejected: 'WhatsApp has not accepted what was signed: most likely the passkey of another account.',
  code_mismatch: 'The owner saw another code on the phone, and said so there or here.',
  unreachable:
    'For some minutes this host got no connection to web.whatsapp.com. A linked account never gets here: it is tried again for ever.',
  unknown: 'Anything else.',
};

const events: Record<LinkEvent['type'], string> = {
  start: 'An attempt begins: afresh, or from a checkpoint.',
  qr: "WhatsApp's page shows a QR code.",
  'qr-idle': 'It shows no more codes until it is asked to.',
  pairing: 'A code to type on the phone is wanted, there, or refused.',
  'pairing-left': 'The QR code is wanted instead.',
  scanned: 'The phone has read or typed the code.',
  passkey: "WhatsApp's page asks for a passkey.",
  'passkey-withdrawn': 'It asks no more, and goes on without.',
  'comparison-code': 'It shows a code that the phone shows too.',
  progress: 'It synchronises.',
  ready: 'Connected and in sync.',
  battery: 'The phone has told of its battery.',
  health: 'What was found of the page, of restrictions and of how messages come through.',
  reach: 'The host gets no connection to web.whatsapp.com, or gets one again.',
  interrupted: 'The connection or the browser is gone, or the host stops.',
  'logged-out': 'The phone has removed the device.',
  'gave-up': 'The host gives up, see above.',
  stopped: 'Ended at the wish of the owner.',
};

/** docs/linking.md: what `npm run docs` writes, and what its test compares with. */
export function linkDocument(): string {
  return `# States of a link

Generated from [link-machine.ts](../session-host/src/link/link-machine.ts) by \`npm run docs\`; a test fails when it is out of date.

${table(
  ['state', 'means', 'the owner can'],
  linkStates.map((state) => [`\`${state}\``, states[state].means, states[state].action]),
)}

## Why it failed

${table(
  ['`failed` with', 'because'],
  Object.entries(failures).map(([failure, because]) => [`\`${failure}\``, because]),
)}

Too many linked devices is something that the phone says and WhatsApp's page never hears, nor does the library: the app names it where a code has expired, to scan or to type.

## State × event

Empty: the state stays as it is. An event that makes no sense in a state changes nothing.

${table(
  ['', ...linkStates.map((state) => `\`${state}\``)],
  Object.entries<LinkEvent>(sampleEvents).map(([name, event]) => [
    `**${name}** ${events[event.type]}`,
    ...linkStates.map((state) => {
      const before = sampleStatuses[state];
      const after = reduceLink(before, event);
      return after.state === state ? '' : after.state;
    }),
  ]),
)}

Beside its state a link has a health (\`health\` while \`linked\`, and what was known last while \`reconnecting\`): how messages come through (\`ok\`, \`late\`, \`unreadable\`,
\`failing\`), the build of WhatsApp's page and since when, what doesn't work on it, and what WhatsApp forbids the account for a time. [link-health.ts](../session-host/src/link/link-health.ts)
decides it from what the engine tells. It is written when something changed, never with each heartbeat.

A restriction outlives the link, since it is the account's. Until the end that WhatsApp named (\`restrictedUntil\`) no new link begins, as each would be one more reason to restrict. Where it
named none (\`heldUntil\`), nobody would hear of the end: a new link is held back for a day after the restriction was last seen, and before that begins only with \`despiteRestriction\`, which the app sends
once its owner has read what that may lead to. What goes on from its checkpoint is no new link.

What the owner asks for doesn't come as an event: the API writes \`starting\` for a new attempt, and \`unlinked\` at once where no session runs; else the host reports \`stopped\`.
`;
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
