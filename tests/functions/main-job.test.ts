import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssistantJob } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAiWorld, type OpenAiWorld } from '@top-active/world/openai';
import { startLambdasFixture, type LambdasFixture } from '../support/lambdas-fixture.ts';
import { acknowledged, sqsEvent } from '../support/sqs-event.ts';

const dir = mkdtempSync(join(tmpdir(), 'openai-'));
let fixture: LambdasFixture;
let openAi: OpenAiWorld;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  openAi = createOpenAiWorld({ dir });
  fixture.openAi.answer = async ({ path, key, body }) => {
    const response = await openAi.app.request(`/v1${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
  };
});
afterAll(async () => {
  await fixture.close();
  openAi.close();
  rmSync(dir, { recursive: true });
});

const deliver = (job: AssistantJob) => fixture.invoke('assistant', sqsEvent(job));

describe('the main job, with the simulated OpenAI and Google', () => {
  it('leads from a question to a proposed slot, and from a click to the calendar and the reply', async () => {
    const user = await fixture.newUser();
    const email = await fixture.connectGoogle(user);
    await user.api.request('/api/credentials/openai', {
      method: 'PUT',
      body: { key: 'sk-simulated-key-of-this-test' },
    });
    const { chatId, messageId } = await user.tenant.messages.recordMessage({
      chat: { waIds: ['5511900001111@c.us'], name: 'Marina', phone: '5511900001111', isGroup: false },
      message: {
        waId: 'wa-1',
        stanzaId: 'STANZA1',
        direction: 'in',
        author: 'customer',
        kind: 'text',
        text: 'Oi! Queria marcar um horário na semana que vem, pode ser?',
        sentAt: Math.floor(Date.now() / 1000),
        delivery: 'delivered',
      },
    });
    await user.tenant.chats.setAssistantMode(chatId, 'suggest');

    expect(await deliver({ type: 'suggest', userId: user.userId, chatId, messageId })).toEqual(acknowledged);
    const [suggestion] = await user.tenant.suggestions.list();
    expect(suggestion).toMatchObject({ state: 'pending', simulated: true, answers: messageId });
    const { appointment } = suggestion ?? {};
    if (!suggestion || !appointment) throw new Error(`No appointment was proposed: ${suggestion?.text}`);
    // The reply names the very hour that is proposed.
    const hour = new Intl.DateTimeFormat('pt-BR', { timeZone: 'America/Sao_Paulo', hour: 'numeric' }).format(
      new Date(appointment.start),
    );
    expect(suggestion.text).toMatch(new RegExp(`\\b0?${Number(hour)}(h|:)`));

    await user.tenant.suggestions.accept(suggestion.id, {});
    const booked = await deliver({ type: 'book', userId: user.userId, chatId, suggestionId: suggestion.id });
    expect(booked).toEqual(acknowledged);
    expect(fixture.google.events(email)).toMatchObject([{ summary: appointment.title }]);
    expect(await user.tenant.commands.open()).toMatchObject([
      { command: { kind: 'message.send', chatId, text: suggestion.text } },
    ]);
  });
});
