import type { EngineContent } from '../../engine.ts';
import { clip } from './clip.ts';
import { typeOf } from './message-types.ts';
import { readAdded } from './read-added.ts';
import type { RawMessage } from './raw-message.ts';
import type { MessageKey } from './read-key.ts';
import { isGroup, readWid } from './read-wid.ts';
import { readWords } from './read-words.ts';

const maxQuotedLength = 300;

/** The message that this one answers, as it came along with it. */
export function readQuoted(raw: RawMessage, key: MessageKey): EngineContent['quoted'] {
  const { quotedMsg, quotedStanzaID: stanzaId } = raw;
  if (stanzaId === undefined || stanzaId === '' || stanzaId.length > 128) return undefined;
  const { quoted } = readAdded(raw.topActive);
  const type = quotedMsg?.['type'];
  const meaning = typeOf(typeof type === 'string' ? type : 'unknown');
  const isByOwner = quoted?.fromMe ?? isOwners(raw, key);
  const isNamed = isGroup(key.peer) && !isByOwner && quoted?.name !== undefined;
  const words = 'ignored' in meaning ? '' : readWords(quotedMsg, meaning.text);
  return {
    stanzaId,
    author: isByOwner ? 'owner' : 'customer',
    ...(isNamed && { senderName: quoted.name }),
    kind: 'ignored' in meaning ? 'other' : meaning.kind,
    text: clip(words === '' ? (quoted?.text ?? '') : words, maxQuotedLength),
  };
}

/** By the addresses alone; a person's two ids look like two people, so the page's own answer counts for more. */
function isOwners({ quotedParticipant, from, to }: RawMessage, { fromMe, peer }: MessageKey): boolean {
  const author = readWid(quotedParticipant);
  if (author === undefined) return false;
  const owner = readWid(fromMe ? from : to);
  return author === owner && author !== peer;
}
