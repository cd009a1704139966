import { messageTypes, type MappedType } from './message-types.ts';

const shownElsewhere: Readonly<Record<string, string>> = {
  location: 'place: `lat`, `lng`, `loc`',
  contact: 'cards: `body`, `vcardList`',
  poll: 'question and options: `pollOptions`, votes from the table of votes',
  call: 'outcome: `callOutcome`, `callDuration`, `isVideoCall`',
  revoked: 'which message it was: `protocolMessageKey`',
};

/** docs/message-types.md: what `npm run docs` writes, and what its test compares with. */
export function messageDocument(): string {
  const all = Object.entries(messageTypes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const mapped = all.flatMap(([type, meaning]) => ('ignored' in meaning ? [] : [{ type, meaning }]));
  const ignored = all.flatMap(([type, meaning]) => ('ignored' in meaning ? [{ type, why: meaning.ignored }] : []));
  return `# Types of WhatsApp's messages

Generated from [message-types.ts](../session-host/src/engine/whatsapp-web/messages/message-types.ts) by \`npm run docs\`; a test fails when it is out of date.

What has a chat, a stanza id and a direction is a message, and is stored. These are the types that WhatsApp's page is known to have, by its own names. A type that is in neither table is stored as
\`other\` and shown as “Message that only opens on the phone”; the metric \`MessagesOnPhone\` counts it by its type.

## Messages

“Words from”: the first of these fields that has any. A message of kind \`text\` without words is \`other\`.

${table(
  ['type', 'kind', 'words from', 'besides', 'on the phone only'],
  mapped.map(({ type, meaning }) => [
    `\`${type}\``,
    `\`${meaning.kind}\``,
    meaning.text.map((path) => `\`${path}\``).join(', '),
    besides(meaning),
    meaning.onPhone === undefined ? '' : `\`${meaning.onPhone}\``,
  ]),
)}

\`not_decrypted\`: shown as such until WhatsApp's page decrypts it, which replaces it in place; for good when it never does. With the subtype \`view_once_unavailable_fanout\` it is \`view_once\`: to be
opened once, on the phone.

Any of them may have besides: the message that it answers, who wrote it in a group, reactions, and for when it is planned.

Votes and reactions come as the library tells of them. Where the page works on them elsewhere, as in a worker, nothing there can be listened to: twice a minute the page's own records are read, of
votes those of the eight newest polls of the last seven days that it holds. What concerns older ones comes with the next catch-up.

A planned message is known as sent by its stanza id and direction: what was planned in WhatsApp's page keeps its id. Of one that was planned on the phone nothing that is known says so. Should WhatsApp send it
under another id, nothing binds the two: the planned one is then shown beside the one that was sent until the page drops it.

## Left out

${table(
  ['type', 'since it is'],
  ignored.map(({ type, why }) => [`\`${type}\``, why]),
)}

Left out whatever their type: what is sent to \`status@broadcast\`, to channels and to lists of recipients (chats at \`@broadcast\`). What reaches a person by somebody's list is a message of their chat.
`;
}

function besides({ kind, text }: MappedType): string {
  return text[0] === 'caption' ? 'file: `filename`, `mimetype`, `size`, `duration`' : (shownElsewhere[kind] ?? '');
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
