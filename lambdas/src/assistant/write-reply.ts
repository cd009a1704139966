import { logger, metrics, type MessageRecord, type Tenant } from '@top-active/aws';
import type { Appointment, Me } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { Calendar } from '../google/calendar.ts';
import { createOpenAi } from '../openai/openai-client.ts';
import { askModel, type Answer } from './ask-model.ts';
import type { AssistantDeps } from './assistant-deps.ts';
import { conversationOf } from './conversation.ts';
import { instructionsOf } from './instructions.ts';
import { createCalendarTools } from './tools/calendar-tools.ts';
import { runTool, type Tool } from './tools/tool.ts';

/** Of one question to the model, and of all questions for one reply: the function itself has 60 s. */
const roundTimeoutMs = 20_000;
const totalTimeoutMs = 45_000;

export interface ReplyInput {
  tenant: Tenant;
  owner: Me;
  /** The owner's OpenAI key. */
  key: string;
  /** Oldest first. */
  messages: readonly MessageRecord[];
  /** Counts up while the model is asked, also when it fails in the end. */
  usage: { inputTokens: number; outputTokens: number };
}

/** @throws {APIError} of OpenAI; a calendar that fails is told to the model instead */
export async function writeReply(
  { tenant, owner, key, messages, usage }: ReplyInput,
  deps: AssistantDeps,
): Promise<Answer & { appointment?: Appointment | undefined }> {
  const calendar = await calendarOf(tenant, deps);
  const bench = calendar && createCalendarTools({ owner, calendar, now: deps.now });
  const tools = bench?.tools ?? [];
  const answer = await askModel({
    openai: createOpenAi({ key, baseUrl: deps.openAi.baseUrl, timeoutMs: roundTimeoutMs, maxRetries: 2 }),
    model: deps.openAi.model,
    instructions: instructionsOf({ owner, now: deps.now(), calendar: bench !== undefined }),
    input: conversationOf(messages, owner.timeZone),
    tools: tools.map(({ definition }) => definition),
    runTool: (name, args) => runCalendarTool(tools, name, args),
    signal: AbortSignal.timeout(totalTimeoutMs),
    onUsage: (round) => {
      usage.inputTokens += round.inputTokens;
      usage.outputTokens += round.outputTokens;
      metrics.emit('ModelCalls');
      metrics.emit('ModelInputTokens', round.inputTokens);
      metrics.emit('ModelOutputTokens', round.outputTokens);
    },
  });
  return { ...answer, appointment: bench?.proposal() };
}

/** Without a calendar the assistant answers all the same, but names no times. */
async function calendarOf(tenant: Tenant, deps: AssistantDeps): Promise<Calendar | undefined> {
  try {
    return await deps.openCalendar(tenant);
  } catch (error) {
    if (error instanceof AppError && error.code === 'google_not_connected') return undefined;
    throw error;
  }
}

/** A calendar that fails is told to the model. */
async function runCalendarTool(tools: readonly Tool[], name: string, args: string): Promise<string> {
  try {
    return await runTool(tools, name, args);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn('The calendar failed while the model asked for it', { code: error.code });
    return JSON.stringify({ error: 'The calendar cannot be read now. Name no time; say that one follows.' });
  }
}
