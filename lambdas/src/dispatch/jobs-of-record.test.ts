import { keys, partitionOf } from '@top-active/aws/items/keys';
import { describe, expect, it } from 'vitest';
import { jobsOfChange } from './jobs-of-record.ts';

const userId = '2f1c6a1e-3c1b-4a9e-9a43-0d3a3c2a7f10';
const chatId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const chat = {
  pk: partitionOf(userId),
  sk: keys.chat(chatId),
  id: chatId,
  assistantMode: 'suggest',
  isGroup: false,
  lastInboundId: '1764000000000-3A01',
};
const suggestion = {
  pk: partitionOf(userId),
  sk: keys.suggestion('01ARZ3NDEKTSV4RRFFQ69G5FAW'),
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  chatId,
  state: 'accepted',
  books: true,
  sealed: new Uint8Array([1]),
  createdAt: '2026-11-23T18:00:00.000Z',
};

describe('dispatch', () => {
  it('asks for a suggestion when a customer has written', () => {
    const [made] = jobsOfChange({ before: { ...chat, lastInboundId: '1763999999000-3A00' }, after: chat });
    expect(made?.job).toEqual({ type: 'suggest', userId, chatId, messageId: chat.lastInboundId });
  });

  it('asks once for one message, however often the chat changes after it', () => {
    expect(jobsOfChange({ before: chat, after: { ...chat, unread: 0 } })).toEqual([]);
  });

  it('asks for a suggestion when the assistant is switched on while a customer waits', () => {
    const before = { ...chat, assistantMode: 'off' };
    expect(jobsOfChange({ before, after: chat })).toHaveLength(1);
    const answered = { ...chat, lastOutboundId: '1764000001000-3A02' };
    expect(jobsOfChange({ before: { ...answered, assistantMode: 'off' }, after: answered })).toEqual([]);
  });

  it('leaves alone chats whose assistant is off, groups, what is left of merged chats, and chats without a message', () => {
    for (const after of [
      { ...chat, assistantMode: 'off' },
      { ...chat, isGroup: true },
      { ...chat, mergedInto: '01ARZ3NDEKTSV4RRFFQ69G5FAX' },
      { ...chat, lastInboundId: undefined },
    ])
      expect(jobsOfChange({ before: undefined, after })).toEqual([]);
  });

  it('asks for a booking when the owner accepted an appointment, once', () => {
    const [made] = jobsOfChange({ before: { ...suggestion, state: 'pending' }, after: suggestion });
    expect(made).toEqual({
      job: { type: 'book', userId, chatId, suggestionId: suggestion.id },
      deduplicationId: `book-${suggestion.id}`,
    });
    expect(jobsOfChange({ before: suggestion, after: { ...suggestion, commandId: chatId } })).toEqual([]);
  });

  it('has nothing to book for a reply without appointment', () => {
    expect(jobsOfChange({ before: undefined, after: { ...suggestion, books: false } })).toEqual([]);
  });

  it('ignores every other item', () => {
    expect(jobsOfChange({ before: undefined, after: { pk: partitionOf(userId), sk: keys.profile } })).toEqual([]);
  });
});
