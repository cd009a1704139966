import type { FunctionTool } from 'openai/resources/responses/responses';
import { z } from 'zod';

/** Something that the model may ask for. */
export interface Tool {
  /** As OpenAI is told of it. */
  definition: FunctionTool;
  /** `args` is JSON of the model's. What it asks wrongly is told to it as `error`, not thrown. */
  run(args: string): Promise<object>;
}

interface ToolOptions<S extends z.ZodObject> {
  name: string;
  description: string;
  /** Its arguments. OpenAI's strict mode wants every property: one that may be left out is nullable. */
  schema: S;
  run: (args: z.infer<S>) => Promise<object>;
}

export function defineTool<S extends z.ZodObject>({ name, description, schema, run }: ToolOptions<S>): Tool {
  return {
    definition: { type: 'function', name, description, strict: true, parameters: toStrictSchema(schema) },
    async run(args) {
      const parsed = schema.safeParse(jsonOf(args));
      if (parsed.success) return run(parsed.data);
      const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
      return { error: `Wrong arguments: ${issues.join('; ')}` };
    },
  };
}

/** @returns the named tool's answer as JSON */
export async function runTool(tools: readonly Tool[], name: string, args: string): Promise<string> {
  const tool = tools.find(({ definition }) => definition.name === name);
  return JSON.stringify(tool ? await tool.run(args) : { error: `There is no tool ${name}` });
}

/** Strict mode knows no lengths of strings: `run` sees to them, as the schema is checked there. */
function toStrictSchema(schema: z.ZodObject): Record<string, unknown> {
  const { $schema: _, ...strict } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
    },
  });
  return strict;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it with a message for the model.
    return undefined;
  }
}
