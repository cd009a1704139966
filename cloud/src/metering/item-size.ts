import { z } from 'zod';

/** An item as DynamoDB's JSON writes it: `{"pk": {"S": "…"}}`. */
export const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

export type Item = z.infer<typeof itemSchema>;

/**
 * Bytes of an item by DynamoDB's rules: names and values in UTF-8, a number by its digits, three bytes and one per
 * element for lists and maps.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

const collectionBytes = 3;

function valueSize(value: Record<string, unknown>): number {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberSize(String(content));
    case 'B':
      return Buffer.from(String(content), 'base64').length;
    case 'SS':
      return sum(
        z
          .array(z.string())
          .parse(content)
          .map((one) => Buffer.byteLength(one)),
      );
    case 'NS':
      return sum(z.array(z.string()).parse(content).map(numberSize));
    case 'BS':
      return sum(
        z
          .array(z.string())
          .parse(content)
          .map((one) => Buffer.from(one, 'base64').length),
      );
    case 'L':
      return (
        collectionBytes +
        sum(
          z
            .array(itemSchema.valueType)
            .parse(content)
            .map((one) => 1 + valueSize(one)),
        )
      );
    case 'M': {
      const map = itemSchema.parse(content);
      return collectionBytes + Object.keys(map).length + itemSize(map);
    }
    default:
      // BOOL and NULL.
      return 1;
  }
}

/** One byte for two significant digits, one more, and one for a sign. */
function numberSize(digits: string): number {
  const significant = digits.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1 + (digits.startsWith('-') ? 1 : 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
