import { Temporal } from 'temporal-polyfill';
import type { CreateRequest, FunctionTool } from '../create-request.ts';
import { fillObject, type Facts } from './arguments.ts';
import { readClock, type Clock } from './clock.ts';
import { readConversation, type Conversation } from './conversation.ts';
import { asksOwner, greetingIn, readIntent, type Intent } from './intent.ts';
import { languageOf } from './language.ts';
import { repliesIn, type Replies } from './replies.ts';
import { fitsWish, isOnDay, rankSlots, readSlots, withWishedTime, type Slot } from './slots.ts';
import { readSubject } from './subject.ts';
import { readWish, type Wish } from './wish.ts';

export type Thought =
  | { kind: 'text'; text: string }
  | { kind: 'call'; name: string; arguments: Record<string, unknown> };

/** Everything the model makes of a request before it decides. */
interface Situation {
  conversation: Conversation;
  clock: Clock;
  wish: Wish;
  intent: Intent;
  replies: Replies;
  owner: string;
  facts: Facts;
  finder: FunctionTool | undefined;
  proposer: FunctionTool | undefined;
}

const searchDays = 7;
const widerSearchDays = 14;
const mostSearches = 2;
const mostProposals = 2;

/**
 * The simulated model: rules, no network, the same answer to the same request. What customers write is looked through
 * for days, times and wishes, and is otherwise never acted upon.
 */
export function think(request: CreateRequest, now: number): Thought {
  const situation = readSituation(request, now);
  const thought = decide(situation);
  const forced = forcedTool(request, situation, thought);
  if (forced) return call(forced, situation.facts);
  return thought.kind === 'text' ? withFormat(request, situation, thought.text) : thought;
}

function readSituation(request: CreateRequest, now: number): Situation {
  const conversation = readConversation(request.input);
  const told = [request.instructions ?? '', conversation.developerText].join('\n');
  // The instructions speak of now; days in the talk are headings of what follows them.
  const clock = readClock({ text: request.instructions ?? conversation.developerText, fallback: now });
  const wish = readWish(conversation, clock);
  const intent = readIntent(conversation, wish);
  const customerTexts = conversation.turns.filter(({ who }) => who === 'customer').map(({ text }) => text);
  const language = languageOf(customerTexts.toReversed());
  const replies = repliesIn[language];
  const { service, customerName } = readSubject(customerTexts);
  const callable = request.tool_choice !== 'none' ? request.tools : [];
  return {
    conversation,
    clock,
    wish,
    intent,
    replies,
    owner: ownerIn(told) ?? replies.someone,
    finder: callable.find(({ name }) => /slot|availab|free/i.test(name)),
    proposer: callable.find(({ name }) => /propose|book|appointment/i.test(name) && !/slot|availab|free/i.test(name)),
    facts: {
      durationMinutes: wish.durationMinutes,
      usualMinutes: usualMinutesIn(told),
      title: titleOf(service ?? replies.title, customerName),
      customerName,
      reply: '',
      needsOwner: ['question', 'cancel', 'other'].includes(intent),
      intent,
      timeZone: clock.timeZone,
      language,
    },
  };
}

function decide(situation: Situation): Thought {
  const { intent, replies, owner, conversation } = situation;
  switch (intent) {
    case 'schedule':
    case 'reschedule':
      return arrange(situation);
    case 'cancel':
      return say(replies.cancel(owner));
    case 'question':
      return say(replies.question(owner));
    case 'confirm':
      return say(replies.confirmed);
    case 'thanks':
      return say(replies.thanks);
    case 'greeting':
      return say(replies.greeting(greetingIn(conversation.customerText)));
    default:
      return say(replies.other(owner));
  }
}

/** Looks for free times, proposes the best one, and says so; one step each time it is asked. */
function arrange(situation: Situation): Thought {
  const { conversation, clock, wish, replies, owner, finder, proposer, facts } = situation;
  const searches = conversation.rounds.filter(({ name }) => /slot|availab|free/i.test(name));
  const proposals = conversation.rounds.filter(
    (round) => !searches.includes(round) && /propose|book|appointment/i.test(round.name),
  );
  const findings = searches.map(({ output }) => readSlots(output, clock));
  if (findings.some(({ failed }) => failed)) return say(replies.willLook(owner));
  const ranked = rankSlots(
    withWishedTime(
      findings.flatMap(({ slots }) => slots),
      wish,
      wish.durationMinutes ?? facts.usualMinutes,
    ),
    wish,
  );
  const refused = proposals.filter(({ output }) => isRefusal(output)).length;
  if (proposals.length > refused) {
    const slot = ranked[proposals.length - 1];
    return slot ? say(offerOf(situation, slot, ranked)) : say(replies.willLook(owner));
  }
  const slot = ranked[proposals.length];
  if (!slot) {
    if (finder && searches.length < mostSearches && proposals.length === 0)
      return call(finder, { ...facts, range: rangeOf(situation, searches.length > 0) });
    return say(searches.length > 0 ? replies.noneFree(owner) : replies.willLook(owner));
  }
  if (!proposer || proposals.length >= mostProposals) return say(replies.willLook(owner));
  return call(proposer, { ...facts, slot, reply: offerOf(situation, slot, ranked) });
}

/** Whole days, so that the other times of a day are known too. The second search begins where the first one ended. */
function rangeOf({ clock, wish }: Situation, wider: boolean): NonNullable<Facts['range']> {
  const today = clock.now.toPlainDate();
  const first = wish.days?.first ?? today;
  const last = wish.days?.last ?? today.add({ days: searchDays });
  const begin = wider ? last.add({ days: 1 }) : first;
  const end = wider ? last.add({ days: widerSearchDays }) : last;
  const from = Temporal.PlainDate.compare(begin, today) <= 0 ? clock.now : begin.toPlainDateTime();
  return { from, to: end.toPlainDateTime('23:59') };
}

function offerOf(
  { clock, wish, intent, replies, owner, conversation }: Situation,
  slot: Slot,
  ranked: readonly Slot[],
): string {
  const today = clock.now.toPlainDate();
  const moved = intent === 'reschedule';
  const fits = fitsWish(slot, wish);
  const opening = fits ? replies.offer : isOnDay(slot, wish) ? replies.instead : replies.anotherDay;
  const sentences = [opening(replies.slot(slot, today), moved)];
  const others = ranked
    .filter((other) => other !== slot && other.start.toPlainDate().equals(slot.start.toPlainDate()))
    .filter((other) => !fits || fitsWish(other, wish))
    .slice(0, 2)
    .toSorted((one, two) => Temporal.PlainDateTime.compare(one.start, two.start));
  if (others.length > 0 && wish.at === undefined)
    sentences.push(replies.others(others.map(({ start }) => replies.time(start))));
  if (asksOwner(conversation.customerText)) sentences.push(replies.alsoAsks(owner));
  return sentences.join(' ');
}

function isRefusal(output: string): boolean {
  return /"(accepted|ok|success)"\s*:\s*false|"error"\s*:/.test(output);
}

function forcedTool(
  { tool_choice: choice, tools }: CreateRequest,
  { conversation }: Situation,
  thought: Thought,
): FunctionTool | undefined {
  if (conversation.rounds.length > 0) return undefined;
  if (typeof choice === 'object') {
    return thought.kind === 'call' && thought.name === choice.name
      ? undefined
      : tools.find(({ name }) => name === choice.name);
  }
  return choice === 'required' && thought.kind === 'text' ? tools[0] : undefined;
}

/** The answer as JSON where the request demands it. */
function withFormat({ text }: CreateRequest, { facts }: Situation, reply: string): Thought {
  const format = text?.format;
  if (format?.type === 'json_schema') return say(JSON.stringify(fillObject(format.schema, { ...facts, reply })));
  return say(format?.type === 'json_object' ? JSON.stringify({ reply }) : reply);
}

function ownerIn(told: string): string | undefined {
  return /\bon behalf of ([\p{L}' -]{1,60})/u.exec(told)?.[1]?.trim();
}

function usualMinutesIn(told: string): number {
  return Number(/\bappointment\D{0,40}?(\d{1,3}) ?min/i.exec(told)?.[1] ?? 60);
}

function titleOf(service: string, customerName: string | undefined): string {
  const title = service.charAt(0).toUpperCase() + service.slice(1);
  return customerName ? `${title}, ${customerName}` : title;
}

function call(tool: FunctionTool, facts: Facts): Thought {
  return { kind: 'call', name: tool.name, arguments: fillObject(tool.parameters ?? {}, facts) };
}

function say(text: string): Thought {
  return { kind: 'text', text };
}
