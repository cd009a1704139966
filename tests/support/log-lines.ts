import { z } from 'zod';

const lineSchema = z.looseObject({
  message: z.string().optional(),
  function: z.string().optional(),
  route: z.string().optional(),
  job: z.string().optional(),
  kind: z.string().optional(),
  traceId: z.string().optional(),
});
const metricLineSchema = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});
export type LogLine = z.infer<typeof lineSchema>;

/** Lines that functions and session hosts wrote, as CloudWatch would get them. */
export function readLogLines(lines: readonly string[]): LogLine[] {
  return parsed(lines).flatMap((json) => {
    const { data } = lineSchema.safeParse(json);
    return data ? [data] : [];
  });
}

export function readEmittedMetrics(lines: readonly string[]) {
  return parsed(lines)
    .flatMap((json) => metricLineSchema.safeParse(json).data?.['_aws'].CloudWatchMetrics ?? [])
    .flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name, Unit }) => ({ namespace: Namespace, dimensions: Dimensions, name: Name, unit: Unit })),
    );
}

/** Lines that tell something nobody may read in a log. `secrets` by what they are. */
export function linesWithSecrets(lines: readonly string[], secrets: Readonly<Record<string, string>>): string[] {
  return lines.flatMap((line) => {
    const told = Object.entries(secrets).filter(([, secret]) => holds(line, secret));
    return told.map(([what]) => `${what}: ${line.slice(0, 300)}`);
  });
}

/** Also as JSON would write it within a string. */
function holds(line: string, secret: string): boolean {
  return line.includes(secret) || line.includes(JSON.stringify(secret).slice(1, -1));
}

function parsed(lines: readonly string[]): unknown[] {
  return lines.flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
