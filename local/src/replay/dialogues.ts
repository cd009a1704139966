import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const dialogueSchema = z.object({
  id: z.string(),
  turns: z
    .array(z.object({ from: z.enum(['customer', 'business']), text: z.string().min(1) }))
    .min(1)
    .refine((turns) => turns[0]?.from === 'customer', 'does not begin with the customer'),
});

const fileSchema = z.object({
  source: z.string().optional(),
  licence: z.string().optional(),
  dialogues: z.array(dialogueSchema).min(1),
});

export type Dialogue = z.infer<typeof dialogueSchema>;

/**
 * Reads recorded conversations.
 * @throws Error naming the file and what in it is wrong.
 */
export async function readDialogues(file: string): Promise<z.infer<typeof fileSchema>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} isn't JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${file} isn't a file of dialogues:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
