import { EnvelopeError, openEnvelope, sealEnvelope } from '@top-active/core/crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isClear, kindOf } from './sealed-kinds.ts';

type Attributes = Record<string, unknown>;

/** Where an item lies, by its keys as they are stored. It can be opened nowhere else. */
export interface Place {
  pk: string;
  sk: string;
}

const fieldsSchema = z.record(z.string(), z.unknown());

/**
 * The item as it is stored: what its kind leaves readable, and all the rest in one attribute `sealed`.
 * @param sk as it was asked for
 */
export function sealItem(item: object, { sk, place, key }: { sk: string; place: Place; key: KeyObject }): Attributes {
  const { clear, secret } = split(sk, item);
  if (Object.keys(secret).length === 0) return clear;
  const plaintext = Buffer.from(JSON.stringify(secret, refuseBytes));
  return { ...clear, sealed: sealEnvelope({ key, context: contextOf(place), plaintext }) };
}

/** Whether anything of it is to be sealed. */
export function hasContent(sk: string, item: object): boolean {
  return Object.keys(split(sk, item).secret).length > 0;
}

/**
 * The item as it was given to `sealItem`. What should be sealed and isn't counts as absent: nobody but its owner can
 * have an item say something. So does all of an envelope that was changed or moved, and the schema of its kind tells.
 */
export function openItem(
  stored: Attributes,
  { sk, place, key }: { sk: string; place: Place; key: KeyObject },
): Attributes {
  return { ...clearOf(stored, sk), ...openFields(stored['sealed'], { place, key }) };
}

/** The attributes that are readable without a key. */
export function clearOf(stored: Attributes, sk: string): Attributes {
  return split(sk, stored).clear;
}

export function isSealed(stored: Attributes, sk: string): boolean {
  return kindOf(sk).clear !== 'all' && stored['sealed'] instanceof Uint8Array;
}

function openFields(sealed: unknown, { place, key }: { place: Place; key: KeyObject }): Attributes {
  if (!(sealed instanceof Uint8Array)) return {};
  try {
    const opened = openEnvelope({ key, context: contextOf(place), envelope: sealed });
    return fieldsSchema.parse(JSON.parse(opened.toString('utf8')));
  } catch (error) {
    if (error instanceof EnvelopeError) return {};
    throw error;
  }
}

function split(sk: string, item: object): { clear: Attributes; secret: Attributes } {
  const kind = kindOf(sk);
  const clear: Attributes = {};
  const secret: Attributes = {};
  for (const [name, value] of Object.entries(item))
    if (value !== undefined) (isClear(kind, name) ? clear : secret)[name] = value;
  return { clear, secret };
}

function contextOf({ pk, sk }: Place) {
  return { table: 'items', pk, sk, field: 'sealed', version: 1 };
}

function refuseBytes(name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) throw new TypeError(`Bytes in ${name} can't be sealed within an item`);
  return value;
}
