import { WhatsAppRefusal } from './errors.ts';

/** Where a message's attributes name a message or a person, each phone has an id of its own. */
interface Names {
  /** The key of a message in the same chat. */
  key: (id: string) => string;
  /** The id of a person, by number. */
  person: (number: string) => string;
}

/** What the world itself knows of a message, and nobody can say differently. */
const ownAttributes = ['id', 'rowId', 'ack'];

/** @throws WhatsAppRefusal invalid */
export function checkAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  const taken = ownAttributes.find((name) => Object.hasOwn(attributes, name));
  if (taken !== undefined) throw new WhatsAppRefusal('invalid', `The attribute "${taken}" is the world's own.`);
  return attributes;
}

/**
 * Attributes as one phone's linked devices get them. In what is stored `{ "$message": id }` stands for a message of the
 * same chat and `{ "$person": number }` for a person; here they become `{ "$key": … }` and `{ "$wid": … }`, of which
 * the page makes its own objects.
 */
export function attributesFor(attributes: unknown, names: Names): unknown {
  if (Array.isArray(attributes)) return attributes.map((item: unknown) => attributesFor(item, names));
  if (typeof attributes !== 'object' || attributes === null) return attributes;
  if ('$message' in attributes) return { $key: names.key(String(attributes.$message)) };
  if ('$person' in attributes) return { $wid: names.person(String(attributes.$person)) };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributesFor(value, names)]));
}
