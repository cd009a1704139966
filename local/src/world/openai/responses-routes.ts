import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import type { Database } from '../../cloud/wire/database.ts';
import {
  checkCallsPaired,
  itemSchema,
  parseCreateRequest,
  textOf,
  type CreateRequest,
  type InputItem,
} from './create-request.ts';
import type { Faults } from './faults.ts';
import type { OpenAiEnv } from './key-guard.ts';
import { readConversation } from './model/conversation.ts';
import { think, type Thought } from './model/think.ts';
import { isReasoningModel } from './models.ts';
import { badRequest, errorOf, OpenAiError } from './openai-error.ts';
import {
  emptyResponse,
  functionCallItem,
  messageItem,
  newId,
  type OutputItem,
  type ResponseObject,
} from './response-object.ts';
import type { Scripts } from './script.ts';
import { streamEvents } from './stream-events.ts';
import { countTokens, takeTokens } from './tokens.ts';
import type { UsageMeter } from './usage.ts';

interface Parts {
  storage: Database;
  faults: Faults;
  scripts: Scripts;
  meter: UsageMeter;
  now: () => number;
}

const reasoningTokens = 64;
const storedRow = z.object({ response: z.string(), items: z.string() }).transform(({ response, items }) => ({
  response: z.looseObject({ id: z.string() }).parse(JSON.parse(response)),
  items: z.array(itemSchema).parse(JSON.parse(items)),
}));

/** The Responses API. */
export function responsesRoutes({ storage, faults, scripts, meter, now }: Parts): Hono<OpenAiEnv> {
  const app = new Hono<OpenAiEnv>();
  const stored = storage.select('SELECT response, items FROM responses WHERE id = ? AND key = ?', storedRow);
  const keep = storage.change('INSERT INTO responses (id, key, response, items) VALUES (?, ?, ?, ?)');
  const drop = storage.change('DELETE FROM responses WHERE id = ? AND key = ?');

  app.post('/responses', async (c) => {
    const { key, entry } = c.var;
    const request = withHistory(parseCreateRequest(entry.body), key);
    checkCallsPaired(request.input);
    const thought = (await scriptedThought({ request, key, signal: c.req.raw.signal })) ?? think(request, now());
    const response = finish({ request, thought, key });
    entry.usage = response.usage ?? undefined;
    if (request.store !== false)
      keep(response.id, key, JSON.stringify(response), JSON.stringify([...request.input, ...response.output]));
    if (!request.stream) return c.json(response);
    c.header('content-type', 'text/event-stream; charset=utf-8');
    c.header('cache-control', 'no-cache');
    return stream(c, async (out) => {
      for (const event of streamEvents(response))
        await out.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    });
  });

  app.get('/responses/:id', (c) => c.json(find(c.req.param('id'), c.var.key).response));
  app.delete('/responses/:id', (c) => {
    const { response } = find(c.req.param('id'), c.var.key);
    drop(response.id, c.var.key);
    return c.json({ id: response.id, object: 'response', deleted: true });
  });

  function find(id: string, key: string): z.output<typeof storedRow> {
    const found = stored.get(id, key);
    if (!found) throw new OpenAiError({ status: 404, message: `Response with id '${id}' not found.` });
    return found;
  }

  function withHistory(request: CreateRequest, key: string): CreateRequest {
    if (!request.previous_response_id) return request;
    const previous = stored.get(request.previous_response_id, key);
    if (!previous)
      throw badRequest(
        `Previous response with id '${request.previous_response_id}' not found.`,
        'previous_response_id',
        'previous_response_not_found',
      );
    return { ...request, input: [...previous.items, ...request.input] };
  }

  async function scriptedThought({
    request,
    key,
    signal,
  }: {
    request: CreateRequest;
    key: string;
    signal: AbortSignal;
  }): Promise<Thought | undefined> {
    const customerText = readConversation(request.input).customerText || lastText(request.input);
    for (let step = scripts.next({ key, customerText }); step; step = scripts.next({ key, customerText })) {
      if ('text' in step) return { kind: 'text', text: step.text };
      if ('toolCall' in step) return { kind: 'call', ...step.toolCall };
      if ('error' in step) throw errorOf(step.error);
      await faults.hang({ ms: step.hangMs, signal });
    }
    return undefined;
  }

  function finish({
    request,
    thought,
    key,
  }: {
    request: CreateRequest;
    thought: Thought;
    key: string;
  }): ResponseObject {
    const reasons =
      isReasoningModel(request.model) && request.include?.includes('reasoning.encrypted_content') === true;
    const said = thought.kind === 'text' ? thought.text : JSON.stringify(thought.arguments);
    const spare = (request.max_output_tokens ?? Infinity) - (reasons ? reasoningTokens : 0);
    const complete = countTokens(said) <= spare;
    const text = complete ? said : takeTokens(said, Math.max(0, spare));
    const answer: OutputItem[] =
      thought.kind === 'text' ? [messageItem(text, complete)] : complete ? [functionCallItem(thought.name, said)] : [];
    const reasoning: OutputItem[] = reasons
      ? [{ id: newId('rs'), type: 'reasoning', summary: [], encrypted_content: 'c2ltdWxhdGVk' }]
      : [];
    return {
      ...emptyResponse({ request, at: now() }),
      status: complete ? 'completed' : 'incomplete',
      completed_at: complete ? Math.floor(now() / 1000) : null,
      incomplete_details: complete ? null : { reason: 'max_output_tokens' },
      output: [...reasoning, ...answer],
      usage: meter.measure({ key, request, outputText: text, reasoningTokens: reasons ? reasoningTokens : 0 }),
    };
  }

  return app;
}

function lastText(items: readonly InputItem[]): string {
  const last = items.findLast((item) => item.type === 'message' && item.role === 'user');
  return last?.type === 'message' ? textOf(last.content) : '';
}
