import type { z } from 'zod';

/**
 * Reads what a function needs from its environment, once, at its cold start.
 * @throws {Error} naming every variable that is missing or wrong, never their values
 */
export function readEnv<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> {
  // An empty variable means the same as an absent one.
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`);
  throw new Error(`The function cannot start, its environment is wrong: ${complaints.join(', ')}`);
}
