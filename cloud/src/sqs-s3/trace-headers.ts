import type { buildApp } from 'fauxqs';
import { z } from 'zod';

const sentSchema = z.object({
  MessageSystemAttributes: z.object({ AWSTraceHeader: z.object({ StringValue: z.string() }) }),
});
const receiveSchema = z.object({
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  AttributeNames: z.array(z.string()).default([]),
});
const idSchema = z.looseObject({ MessageId: z.string() });
const messagesSchema = z.looseObject({
  Messages: z.array(idSchema.extend({ Attributes: z.record(z.string(), z.string()).optional() })),
});

/** So many messages are remembered at most: what lies longer in a queue loses its trace, and nothing else. */
const remembered = 10_000;

/**
 * The system attribute AWSTraceHeader of `SendMessage`, which fauxqs drops: told again to those who receive the message
 * and ask for it. Of messages sent one by one, and in memory only.
 */
export function keepTraceHeaders(app: ReturnType<typeof buildApp>): void {
  const headers = new Map<string, string>();

  function remember(body: unknown, payload: string): void {
    const sent = sentSchema.safeParse(body);
    const answer = idSchema.safeParse(JSON.parse(payload));
    if (!sent.success || !answer.success || headers.has(answer.data.MessageId)) return;
    headers.set(answer.data.MessageId, sent.data.MessageSystemAttributes.AWSTraceHeader.StringValue);
    const [oldest] = headers.keys();
    if (headers.size > remembered && oldest !== undefined) headers.delete(oldest);
  }

  function tell(body: unknown, payload: string): string {
    const asked = receiveSchema.safeParse(body);
    const names = [...(asked.data?.MessageSystemAttributeNames ?? []), ...(asked.data?.AttributeNames ?? [])];
    const answer = messagesSchema.safeParse(JSON.parse(payload));
    if (!answer.success || !names.some((name) => name === 'All' || name === 'AWSTraceHeader')) return payload;
    for (const message of answer.data.Messages) {
      const header = headers.get(message.MessageId);
      if (header !== undefined) message.Attributes = { ...message.Attributes, AWSTraceHeader: header };
    }
    return JSON.stringify(answer.data);
  }

  app.addHook('onSend', (request, _, payload, done) => {
    const target = request.headers['x-amz-target'];
    if (typeof payload !== 'string') return done();
    if (target === 'AmazonSQS.SendMessage') remember(request.body, payload);
    if (target === 'AmazonSQS.ReceiveMessage') return done(null, tell(request.body, payload));
    done();
  });
}
