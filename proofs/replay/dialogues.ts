import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const dialogueSchema = z.object({
  id: z.string(),
  turns: z
    .array(z.object({ from: z.enum(['customer', 'business']), text: z.string() }))
    .min(1)
    .refine((turns) => turns[0]?.from === 'customer', 'does not begin with the customer'),
});

const fileSchema = z.object({
  source: z.string().optional(),
  licence: z.string().optional(),
  dialogues: z.array(dialogueSchema).min(1),
});

export type Dialogue = z.infer<typeof dialogueSchema>;

export interface DialogueFile {
  source?: string | undefined;
  licence?: string | undefined;
  dialogues: Dialogue[];
  /** Turns without text: nobody can type them, so they are left out. */
  emptyTurns: number;
}

/**
 * Reads recorded conversations.
 * @throws Error naming the file and what in it is wrong.
 */
export async function readDialogues(file: string): Promise<DialogueFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} isn't JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${file} isn't a file of dialogues:\n${z.prettifyError(parsed.error)}`);
  const dialogues = parsed.data.dialogues.map((dialogue) => ({
    ...dialogue,
    turns: dialogue.turns.filter(({ text }) => text.trim() !== ''),
  }));
  return { ...parsed.data, dialogues, emptyTurns: countTurns(parsed.data.dialogues) - countTurns(dialogues) };
}

function countTurns(dialogues: readonly Dialogue[]): number {
  return dialogues.reduce((sum, { turns }) => sum + turns.length, 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
