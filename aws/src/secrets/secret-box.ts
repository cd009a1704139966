/** Where a secret lives; it can be opened nowhere else. */
export interface SecretContext {
  table: string;
  pk: string;
  sk: string;
  field: string;
  version: number;
}

/** What a key is for. Part of the KMS encryption context `{userId, purpose}`, so a grant can be limited to it. */
export type SecretPurpose = 'credentials' | 'oauth' | 'whatsapp';

export interface SecretBox {
  /**
   * Seals with the user's data key of that purpose, which is made on first use. Needs kms:GenerateDataKey once and
   * kms:Decrypt afterwards. Deleting the data key makes everything sealed with it unreadable.
   */
  seal(purpose: SecretPurpose, context: SecretContext, plaintext: Uint8Array | string): Promise<Uint8Array>;
  /** Seals with a key made for this one secret, whose wrapped form travels in the envelope. Needs kms:GenerateDataKey only. */
  sealOnly(purpose: SecretPurpose, context: SecretContext, plaintext: Uint8Array | string): Promise<Uint8Array>;
  /** @throws {EnvelopeError} for anything but an intact envelope sealed for this user, purpose and context */
  open(purpose: SecretPurpose, context: SecretContext, envelope: Uint8Array): Promise<Buffer>;
  /** Crypto-shredding: deletes all data keys of the user. */
  shred(): Promise<void>;
}
