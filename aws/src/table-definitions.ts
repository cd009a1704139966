export type TableName = 'items' | 'keys' | 'placements' | 'limits' | 'erasures' | 'leases';

/** A table as infra and the local stack create it. All key attributes are strings. */
export interface TableDefinition {
  /** Environment variable that carries the table's real name. */
  environment: 'ITEMS_TABLE' | 'KEYS_TABLE' | 'PLACEMENTS_TABLE' | 'LIMITS_TABLE' | 'ERASURES_TABLE' | 'LEASES_TABLE';
  partitionKey: string;
  sortKey?: string | undefined;
  /**
   * Global secondary indexes, all projecting ALL. Their partition key is the table's own: IAM confines whoever writes
   * an item by that alone, so another attribute could place it among a neighbour's.
   */
  indexes: readonly { name: string; partitionKey: 'pk'; sortKey: string }[];
  stream?: 'NEW_AND_OLD_IMAGES' | undefined;
  /** Attribute with epoch seconds after which DynamoDB may delete the item. */
  ttlAttribute?: string | undefined;
}

export const chatsByActivity = 'chats-by-activity';
export const ttlAttribute = 'expiresAt';
/**
 * Partition of the table of placements, beside its shards: the builds of WhatsApp's page. Hosts may write it, and no
 * placement.
 */
export const knownBuildsPartition = 'PAGES';
/** Another: the models that the assistant was answered by. */
export const knownModelsPartition = 'MODELS';
/** Days that an erased user's tombstone is kept: longer than any backup, since a restore needs it. */
export const tombstoneDays = 400;

export const tableDefinitions: Readonly<Record<TableName, TableDefinition>> = {
  items: {
    environment: 'ITEMS_TABLE',
    partitionKey: 'pk',
    sortKey: 'sk',
    indexes: [{ name: chatsByActivity, partitionKey: 'pk', sortKey: 'byActivity' }],
    stream: 'NEW_AND_OLD_IMAGES',
    ttlAttribute,
  },
  // Only keys of what expires have the attribute; the others stay until they are deleted.
  keys: { environment: 'KEYS_TABLE', partitionKey: 'pk', sortKey: 'sk', indexes: [], ttlAttribute },
  placements: { environment: 'PLACEMENTS_TABLE', partitionKey: 'pk', sortKey: 'sk', indexes: [] },
  limits: { environment: 'LIMITS_TABLE', partitionKey: 'pk', indexes: [], ttlAttribute },
  erasures: { environment: 'ERASURES_TABLE', partitionKey: 'pk', sortKey: 'sk', indexes: [], ttlAttribute },
  leases: { environment: 'LEASES_TABLE', partitionKey: 'pk', indexes: [], ttlAttribute },
};
