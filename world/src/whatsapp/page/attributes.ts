import { MsgKey, wid } from './ids.ts';

/**
 * Attributes as the server sends them, with the page's own objects where they name messages (`{ $key }`) and people
 * (`{ $wid }`). What is null there is absent here.
 */
export function reviveAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, revive(value)]));
}

function revive(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => revive(item));
  if (typeof value !== 'object') return value;
  if ('$key' in value) return MsgKey.fromString(String(value.$key));
  if ('$wid' in value) return wid(value.$wid);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revive(part)]));
}
