import { randomUUID } from 'node:crypto';
import { createTenant, type Tenant, type TenantOptions } from '../src/tenants/tenant.ts';
import type { TestDynamoDb } from './dynoxide.ts';
import type { IncomingMessage } from '../src/stores/incoming-message.ts';

/** A tenant as one process has it. The same `userId` twice is one user in two processes. */
export function openTenant(db: TestDynamoDb, options: Partial<TenantOptions> = {}): Tenant {
  return createTenant({
    userId: randomUUID(),
    clients: { dynamodb: db.client, kms: db.kms.client },
    tables: { items: 'items', keys: 'keys' },
    kmsKeyId: 'none',
    simulated: true,
    ...options,
  });
}

let counter = 0;

export function customer(waId = '5511987654321@c.us', name = 'Bia') {
  return { waIds: [waId] as [string], name, isGroup: false };
}

/** A text from the customer, unless changed. */
export function incoming(change: Partial<IncomingMessage> = {}): IncomingMessage {
  const stanzaId = change.stanzaId ?? `3EB0${String(++counter).padStart(8, '0')}`;
  return {
    waId: `false_5511987654321@c.us_${stanzaId}`,
    stanzaId,
    direction: 'in',
    author: 'customer',
    kind: 'text',
    text: `Mensagem ${stanzaId}`,
    sentAt: 1_790_000_000,
    delivery: 'delivered',
    ...change,
  };
}

export function outgoing(change: Partial<IncomingMessage> = {}): IncomingMessage {
  return incoming({ direction: 'out', author: 'owner', delivery: 'sent', ...change });
}
