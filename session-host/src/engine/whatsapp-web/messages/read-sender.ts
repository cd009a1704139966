import type { Sender } from '@top-active/core/contracts';
import { clipped, maxNameLength } from './clip.ts';
import { readAdded } from './read-added.ts';
import type { RawMessage } from './raw-message.ts';
import type { MessageKey } from './read-key.ts';
import { isGroup, phoneOf, readWid } from './read-wid.ts';

/** Who wrote a message in a group; of the owner's own there is nothing to tell. */
export function readSender(raw: RawMessage, { peer, fromMe, participant }: MessageKey): Sender | undefined {
  const id = readWid(raw.author) ?? participant;
  if (!isGroup(peer) || fromMe || id === undefined) return undefined;
  const { sender } = readAdded(raw.topActive);
  const name = sender?.name ?? clipped(raw.notifyName, maxNameLength);
  const phone = phoneOf(id) ?? sender?.phone;
  return { id, ...(name !== undefined && { name }), ...(phone !== undefined && { phone }) };
}
