import { describe, expect, it } from 'vitest';
import { problemStatuses } from './contracts/problem.ts';
import { AppError } from './errors.ts';
import { problemWords } from './problem-words.ts';

describe('AppError', () => {
  it('has the status and the words of its code', () => {
    expect(new AppError('chat_not_found')).toMatchObject({
      code: 'chat_not_found',
      status: 404,
      title: 'No such chat',
      message: 'You have no chat with this id.',
      remedy: 'Use an id from GET /api/chats.',
    });
  });

  it('says instead what its thrower knows better', () => {
    const cause = new Error('contended');
    const better = { status: 503, detail: 'Too many changes at once.', remedy: 'Wait a moment.', retryAfter: 1, cause };
    const { detail, ...rest } = better;
    expect(new AppError('conflict', better)).toMatchObject({ ...rest, message: detail, title: 'Conflict' });
  });

  it('keeps the words of the code where nothing better is known', () => {
    expect(new AppError('conflict', { detail: undefined, status: undefined })).toMatchObject({
      status: 409,
      message: problemWords.conflict.detail,
    });
  });
});

describe('the words of problems', () => {
  it('name each code differently, and say in sentences what is wrong and what helps', () => {
    const words = Object.values(problemWords);
    expect(new Set(words.map(({ title }) => title)).size).toBe(Object.keys(problemStatuses).length);
    for (const { title, detail, remedy } of words) {
      expect(title).not.toMatch(/\.$/);
      expect(detail).toMatch(/^[A-Z].*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });
});
