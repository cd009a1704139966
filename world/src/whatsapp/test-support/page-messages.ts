import type { Client } from 'whatsapp-web.js';
import { z } from 'zod';

const attributesSchema = z.looseObject({ type: z.string(), key: z.string() });
export type PageMessage = z.infer<typeof attributesSchema>;

/** What the page's own collection holds of the message with this id: its attributes as they are, and its whole key. */
export async function pageMessage(client: Client, id: string): Promise<PageMessage | undefined> {
  const found = await client.pupPage?.evaluate(`(() => {
    const { Msg } = window.require('WAWebCollections');
    const message = Msg.getModelsArray().find((candidate) => candidate.id.id === ${JSON.stringify(id)});
    if (message === undefined) return null;
    return { ...JSON.parse(JSON.stringify(message.serialize())), key: message.id.toString() };
  })()`);
  return found === null ? undefined : attributesSchema.parse(found);
}
