import { apiRoutes } from '@top-active/core/contracts';
import type { Attempt } from './attempts-on-items.ts';

/** A refusal that the API or its gateway gave. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * Every route that names something, with each of the neighbour's ids and a body that is valid for none; and every route
 * that answers without a name, which may answer, but nothing of the neighbour's.
 */
export function attemptsOnApi({
  origin,
  token,
  ids,
  mark,
}: {
  origin: string;
  /** Of the attacker. */
  token: string;
  /** The neighbour's: user, chats, messages, suggestions. */
  ids: readonly string[];
  /** In everything that is the neighbour's. */
  mark: string;
}): Attempt[] {
  const ask = async (line: string, path: string): Promise<unknown> => {
    const [method = 'GET'] = line.split(' ');
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'x'.repeat(26),
      },
      ...(method !== 'GET' && { body: '{"text":"taken","mode":"off"}' }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (text.includes(mark)) return { leaked: text.slice(0, 200) };
    // 5xx is no refusal, and a success with a neighbour's id is none either.
    if (response.status >= 500 || (path !== line.split(' ')[1] && response.status < 400))
      return { status: response.status, text };
    throw new Refused(`${response.status}`);
  };
  return Object.keys(apiRoutes)
    .filter((line) => !line.includes('/api/auth/') && !endsSomething.has(line))
    .flatMap((line) => {
      const path = line.split(' ')[1] ?? '';
      const paths = path.includes('{')
        ? ids.map((id) => path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(id)))
        : [path];
      return paths.map((one) => ({ what: `API ${line} ${one}`, run: () => ask(line, one) }));
    });
}

/** Of the attacker's own, and no way to a neighbour: they name nobody. */
const endsSomething = new Set(['DELETE /api/me']);
