import type { Tenant } from '../src/tenants/tenant.ts';

/** What isn't a store. */
const ownValues = ['userId', 'claim', 'lost', 'settled'] as const satisfies (keyof Tenant)[];
type OwnValue = (typeof ownValues)[number];

/** Of each store the calls that the code under test makes, with the store's own types. */
export type TenantParts = { [K in OwnValue]?: Tenant[K] } & {
  [K in Exclude<keyof Tenant, OwnValue>]?: Partial<Tenant[K]>;
};

/**
 * A tenant of the parts that a test gives. Whatever else is asked of it throws an error that names it, so a test never
 * goes on with undefined. For where a test decides what the stores answer, or when they fail; what they store is tested
 * over `openTenant`.
 */
export function partOfTenant(parts: TenantParts): Tenant {
  const isOwnValue = (name: string): boolean => ownValues.some((own) => own === name);
  const stores = Object.entries(parts).map(([name, part]) => [
    name,
    isOwnValue(name) || typeof part !== 'object' ? part : guard(part, { of: `tenant.${name}` }),
  ]);
  return guard(Object.fromEntries(stores), {
    of: 'tenant',
    // A store may be handed on without being asked anything.
    otherwise: (name) => (isOwnValue(name) ? undefined : guard({}, { of: `tenant.${name}` })),
  }) as Tenant;
}

function guard(
  given: object,
  { of, otherwise = () => undefined }: { of: string; otherwise?: (name: string) => object | undefined },
): object {
  return new Proxy(given, {
    get(target, name) {
      // Whoever awaits it looks for `then`.
      if (typeof name === 'symbol' || name === 'then' || name in target) return Reflect.get(target, name);
      const found = otherwise(name);
      if (found) return found;
      throw new Error(`${of}.${name} is asked for, and the test gives none: add it to partOfTenant({ … })`);
    },
  });
}
