import { z } from 'zod';

/** What a process with the library's clients is told when it starts, as its argument. */
export const libraryHostOptionsSchema = z.object({
  dataPath: z.string(),
  executablePath: z.string(),
  browserArgs: z.array(z.string()),
  /** Clients to start at once. */
  clients: z.number(),
});

export const libraryOrderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('start'), client: z.number() }),
  /** Count messages from now on, and tell of them when so many have come. */
  z.object({ do: z.literal('count'), messages: z.number() }),
  /** Tell of those that have come until now. */
  z.object({ do: z.literal('tell') }),
  z.object({ do: z.literal('end') }),
]);

/** Moments are epoch milliseconds. */
export const libraryEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('up') }),
  z.object({ event: z.literal('qr'), client: z.number(), code: z.string(), at: z.number() }),
  z.object({ event: z.literal('ready'), client: z.number(), at: z.number() }),
  z.object({ event: z.literal('failed'), client: z.number(), error: z.string() }),
  /** When each message came that was counted. */
  z.object({ event: z.literal('messages'), times: z.array(z.number()) }),
]);

export type LibraryHostOptions = z.infer<typeof libraryHostOptionsSchema>;
export type LibraryOrder = z.infer<typeof libraryOrderSchema>;
export type LibraryEvent = z.infer<typeof libraryEventSchema>;
