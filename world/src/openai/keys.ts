import { z } from 'zod';
import type { Database } from '@top-active/cloud/wire/database';
import { missingScope } from './fault-answers.ts';
import { OpenAiError } from './openai-error.ts';

/** Works on every stack, so that a first try needs nothing. */
export const demoKey = 'sk-simulated-demo-key-0000000000000000000000';

/** What a restricted key may be let do. https://help.openai.com/en/articles/8867743 */
export const keyScopes = ['api.model.read', 'api.responses.write'] as const;
type KeyScope = (typeof keyScopes)[number];

export interface SimulatedKey {
  key: string;
  state: 'active' | 'revoked';
  /** Of a restricted key; without them a key may do everything. */
  scopes?: KeyScope[] | undefined;
}

export interface Keys {
  /** Keys that were made or revoked by name, and the demo key. */
  list(): SimulatedKey[];
  set(key: SimulatedKey): void;
  /** @throws {OpenAiError} 401 */
  check(authorization: string | undefined, scope: KeyScope): string;
}

const perUser = /^sk-simulated-.{8,}$/;
const row = z
  .object({ key: z.string(), state: z.enum(['active', 'revoked']), scopes: z.string().nullable() })
  .transform(({ key, state, scopes }): SimulatedKey => {
    if (scopes === null) return { key, state };
    return { key, state, scopes: z.array(z.enum(keyScopes)).parse(JSON.parse(scopes)) };
  });
const columns = 'keys.key, state, scopes FROM keys LEFT JOIN key_scopes ON key_scopes.key = keys.key';

/** Keys carry the word simulated, so that nobody types a real one in here and sees it work. */
export const simulatedKeyPattern = /^sk-\S*simulated\S*$/;

export function createKeys(storage: Database): Keys {
  const all = storage.select(`SELECT ${columns} ORDER BY keys.key`, row);
  const one = storage.select(`SELECT ${columns} WHERE keys.key = ?`, row);
  const put = storage.change('INSERT OR REPLACE INTO keys (key, state) VALUES (?, ?)');
  const restrict = storage.change('INSERT OR REPLACE INTO key_scopes (key, scopes) VALUES (?, ?)');
  const free = storage.change('DELETE FROM key_scopes WHERE key = ?');

  return {
    list() {
      const stored = all.all();
      return stored.some(({ key }) => key === demoKey) ? stored : [{ key: demoKey, state: 'active' }, ...stored];
    },
    set({ key, state, scopes }) {
      put(key, state);
      if (scopes) restrict(key, JSON.stringify(scopes));
      else free(key);
    },
    check(authorization, scope) {
      const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
      if (key === undefined)
        throw new OpenAiError({
          status: 401,
          message:
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        });
      const stored = one.get(key);
      if (stored ? stored.state === 'active' : perUser.test(key)) {
        if (stored?.scopes?.includes(scope) === false) throw new OpenAiError(missingScope(scope));
        return key;
      }
      throw new OpenAiError({
        status: 401,
        message: `Incorrect API key provided: ${maskKey(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: 'invalid_api_key',
      });
    },
  };
}

/** `sk-s****************0000` */
export function maskKey(key: string): string {
  return key.length <= 8 ? '*'.repeat(key.length) : `${key.slice(0, 4)}${'*'.repeat(key.length - 8)}${key.slice(-4)}`;
}
