import { maxMessageLength } from '@top-active/core/contracts';
import { clip } from './clip.ts';

/** The first of these fields that holds words. @param paths `a.b` is the field `b` of `a` */
export function readWords(raw: unknown, paths: readonly string[]): string {
  for (const path of paths) {
    const found = path.split('.').reduce(fieldOf, raw);
    if (typeof found === 'string' && found.trim() !== '') return clip(found, maxMessageLength);
  }
  return '';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
