import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import type { Database } from '@top-active/cloud/wire/database';
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
import type { Models } from './models.ts';
import { badRequest, errorOf, OpenAiError } from './openai-error.ts';
import {
  emptyResponse,
  functionCallItem,
  messageItem,
  newId,
  refusalItem,
  type OutputItem,
  type ResponseObject,
} from './response-object.ts';
import type { AnswerStep, Scripts } from './script.ts';
import { streamEvents } from './stream-events.ts';
import { countTokens, takeTokens } from './tokens.ts';
import type { UsageMeter } from './usage.ts';

interface Parts {
  storage: Database;
  faults: Faults;
  scripts: Scripts;
  models: Models;
  meter: UsageMeter;
  now: () => number;
}

const reasoningTokens = 64;
const storedRow = z.object({ response: z.string(), items: z.string() }).transform(({ response, items }) => ({
  response: z.looseObject({ id: z.string() }).parse(JSON.parse(response)),
  items: z.array(itemSchema).parse(JSON.parse(items)),
}));

/** The Responses API. */
export function responsesRoutes({ storage, faults, scripts, models, meter, now }: Parts): Hono<OpenAiEnv> {
  const app = new Hono<OpenAiEnv>();
  const stored = storage.select('SELECT response, items FROM responses WHERE id = ? AND key = ?', storedRow);
  const keep = storage.change('INSERT INTO responses (id, key, response, items) VALUES (?, ?, ?, ?)');
  const drop = storage.change('DELETE FROM responses WHERE id = ? AND key = ?');

  app.post('/responses', async (c) => {
    const { key, entry } = c.var;
    const request = withHistory(parseCreateRequest(entry.body, models), key);
    checkCallsPaired(request.input);
    const step = faults.answer({ key }) ?? (await scripted({ request, key, signal: c.req.raw.signal }));
    const response = finish({ request, said: step ? saidOf(step) : saidBy(think(request, now())), key });
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

  async function scripted({
    request,
    key,
    signal,
  }: {
    request: CreateRequest;
    key: string;
    signal: AbortSignal;
  }): Promise<AnswerStep | undefined> {
    const customerText = readConversation(request.input).customerText || lastText(request.input);
    for (let step = scripts.next({ key, customerText }); step; step = scripts.next({ key, customerText })) {
      if ('error' in step) throw errorOf(step.error);
      if (!('hangMs' in step)) return step;
      await faults.hang({ ms: step.hangMs, signal });
    }
    return undefined;
  }

  function finish({ request, said, key }: { request: CreateRequest; said: Said; key: string }): ResponseObject {
    const thinks = models.require(request.model).efforts.length > 0 && request.reasoning?.effort !== 'none';
    const budget = request.max_output_tokens ?? Infinity;
    const thought = thinks ? Math.min(reasoningTokens, budget) : 0;
    const fits = countTokens(said.text) <= budget - thought;
    const text = fits ? said.text : takeTokens(said.text, budget - thought);
    const cut = said.incomplete ?? (fits ? undefined : 'max_output_tokens');
    const status = said.failed ? 'failed' : cut ? 'incomplete' : 'completed';
    const reasoning: OutputItem[] = thinks
      ? [{ id: newId('rs'), type: 'reasoning', summary: [], encrypted_content: 'c2ltdWxhdGVk' }]
      : [];
    return {
      ...emptyResponse({ request, at: now() }),
      status,
      completed_at: status === 'completed' ? Math.floor(now() / 1000) : null,
      error: said.failed ? { code: said.failed.code, message: 'Simulated failure of an answer.' } : null,
      incomplete_details: cut ? { reason: cut } : null,
      // Nothing that was said is left when thinking took all that there was.
      output: said.failed ? [] : [...reasoning, ...(fits || text ? said.items(text, !cut) : [])],
      usage: meter.measure({ key, request, outputText: text, reasoningTokens: thought }),
    };
  }

  return app;
}

/** What is said, of which `max_output_tokens` may leave only the beginning. */
interface Said {
  text: string;
  incomplete?: 'max_output_tokens' | 'content_filter';
  failed?: { code: string };
  items(text: string, complete: boolean): OutputItem[];
}

function saidBy(thought: Thought): Said {
  if (thought.kind === 'call') return callOf(thought);
  return { text: thought.text, items: (text, complete) => [messageItem(text, { complete, phase: 'final_answer' })] };
}

function saidOf(step: AnswerStep): Said {
  if ('toolCall' in step) return callOf(step.toolCall);
  if ('refusal' in step) return { text: step.refusal, items: (text) => [refusalItem(text)] };
  if ('failed' in step) return { text: '', failed: step.failed, items: () => [] };
  if ('incomplete' in step) return { ...saidBy({ kind: 'text', text: step.text }), incomplete: step.incomplete };
  if (!('commentary' in step)) return saidBy({ kind: 'text', text: step.text });
  const commentary = messageItem(step.commentary, { complete: true, phase: 'commentary' });
  if (step.text === undefined) return { text: step.commentary, items: () => [commentary] };
  const answer = saidBy({ kind: 'text', text: step.text });
  return { ...answer, items: (text, complete) => [commentary, ...answer.items(text, complete)] };
}

function callOf({ name, arguments: args }: { name: string; arguments: Record<string, unknown> }): Said {
  return { text: JSON.stringify(args), items: (text, complete) => [functionCallItem(name, text, complete)] };
}

function lastText(items: readonly InputItem[]): string {
  const last = items.findLast((item) => item.type === 'message' && item.role === 'user');
  return last?.type === 'message' ? textOf(last.content) : '';
}
