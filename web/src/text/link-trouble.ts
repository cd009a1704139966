import type { CapabilityName, LinkHealth, Restriction, WhatsAppStatus } from '@top-active/core/contracts';

/** What the owner of a linked account should know, the gravest first. */
export type LinkTrouble =
  | { what: 'unreachable'; since: string }
  | { what: 'reception'; state: Exclude<LinkHealth['reception']['state'], 'ok'>; since: string }
  | { what: 'missing'; capabilities: OwnersCapability[]; since: string | undefined }
  | { what: 'restriction'; restriction: Restriction };

/** What an owner would miss in this app. The others are the operator's concern, or nothing in the app rests on them. */
const ownersCapabilities = [
  'receive',
  'send',
  'ack',
  'edit',
  'revoke',
  'reaction',
  'history',
  'chat_list',
  'contact',
] as const satisfies readonly CapabilityName[];
type OwnersCapability = (typeof ownersCapabilities)[number];

export function linkTroubles(status: Pick<WhatsAppStatus, 'state' | 'health' | 'unreachableSince'>): LinkTrouble[] {
  const troubles: LinkTrouble[] = [];
  if (status.unreachableSince !== undefined) troubles.push({ what: 'unreachable', since: status.unreachableSince });
  const { health } = status;
  if (status.state !== 'linked' || !health) return troubles;
  const { state, since } = health.reception;
  if (state !== 'ok') troubles.push({ what: 'reception', state, since });
  const capabilities = ownersCapabilities.filter((name) => health.missing.includes(name));
  if (capabilities.length > 0) troubles.push({ what: 'missing', capabilities, since: health.page?.since });
  const restrictions = health.restrictions.toSorted((a, b) => rankOf(a) - rankOf(b));
  return [...troubles, ...restrictions.map((restriction) => ({ what: 'restriction' as const, restriction }))];
}

function rankOf({ level }: Restriction): number {
  return level === 'limited' ? 0 : 1;
}
