/** WhatsApp's own names of reasons that are met often, each with plain words of its own. */
const explained = [
  'client_version_outdated',
  'history_sync_timeout',
  'primary_identity_key_change',
  'account_locked',
  'storage_quota_exceeded',
] as const;

/**
 * Which words say why WhatsApp has logged the device out: of many reasons WhatsApp's own name is all there is to say.
 */
export function logoutWords(reason: string): (typeof explained)[number] | 'lid_migration' | 'other' {
  if (reason.startsWith('lid_migration')) return 'lid_migration';
  return explained.find((known) => known === reason) ?? 'other';
}
