import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';

/**
 * Body of a control request, checked.
 * @throws {HTTPException} 400 with `{error, problems: [{path, message}]}`
 */
export async function readJson<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  let json: unknown;
  try {
    json = await c.req.json();
  } catch (cause) {
    throw refused('The body is not JSON.', [], cause);
  }
  return check(json, schema);
}

/** Query of a control request, checked like a body. */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  return check(c.req.query(), schema);
}

function check<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw refused('The request is not valid.', problems);
}

function refused(error: string, problems: { path: string; message: string }[], cause?: unknown): HTTPException {
  return new HTTPException(400, { res: Response.json({ error, problems }, { status: 400 }), cause });
}
