import { logger } from '@top-active/aws';
import { describe, expect, it } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import { runInSession } from '../session/session-context.ts';
import { createPacing, typingTime } from './pacing.ts';

describe('pacing', () => {
  const config = { msPerCharacter: 10, minMs: 300, maxMs: 1_000 };

  it('types as long as the text is, within bounds', () => {
    expect(typingTime(config, 'Oi')).toBe(300);
    expect(typingTime(config, 'x'.repeat(50))).toBe(500);
    expect(typingTime(config, 'x'.repeat(5_000))).toBe(1_000);
  });

  it('takes its time though the page can show neither, and says so', async () => {
    const logged: unknown[] = [];
    const log = { ...logger, warn: (_: string, data: unknown) => void logged.push(data) };
    const engine = {
      markSeen: () => Promise.reject(new Error('no sendSeen')),
      showTyping: () => Promise.reject(new Error('no sendChatStateComposing')),
    } as unknown as EngineSession;
    const began = performance.now();
    await runInSession({ log }, () => createPacing(config)(engine, '5511988887777@c.us', 'Oi'));
    expect(performance.now() - began).toBeGreaterThan(290);
    expect(logged).toEqual([{ what: 'seen' }, { what: 'typing' }]);
  });
});
