import { z } from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const outputSchema = z.object({
  Value: z.unknown(),
  Export: z.object({ Name: z.unknown() }).optional(),
});
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z.record(z.string(), outputSchema).default({}),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.coerce.string().optional() })).default({}),
});

/** One stack's CloudFormation template. */
export interface Template extends z.output<typeof templateSchema> {
  stack: string;
}

/** A resource with where it stands. */
export interface Resource {
  stack: string;
  logicalId: string;
  type: string;
  properties: Readonly<Record<string, unknown>>;
}

export function readTemplate(stack: string, text: string): Template {
  return { stack, ...templateSchema.parse(JSON.parse(text)) };
}

export function resourcesOf(templates: readonly Template[], type?: string): Resource[] {
  return templates.flatMap(({ stack, Resources }) =>
    Object.entries(Resources)
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .map(([logicalId, { Type, Properties }]) => ({ stack, logicalId, type: Type, properties: Properties })),
  );
}
