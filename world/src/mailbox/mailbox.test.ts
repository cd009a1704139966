import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailbox, createMailboxControl, type Mailbox } from './index.ts';

const mail = {
  to: 'Ana@example.com',
  subject: 'Código <b>',
  text: 'Seu código é 123456',
  kind: 'sign-up',
  code: '123456',
  at: 1,
};

describe('mailbox', () => {
  let dir: string;
  let mailbox: Mailbox;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mailbox-'));
    mailbox = createMailbox({ dir });
  });
  afterEach(() => {
    mailbox.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('keeps mails over a restart, newest first, and finds those to one address', () => {
    mailbox.deliver(mail);
    mailbox.deliver({ ...mail, to: 'bruno@example.com', code: '654321' });
    mailbox.close();
    mailbox = createMailbox({ dir });
    expect(mailbox.list().map(({ code }) => code)).toEqual(['654321', '123456']);
    expect(mailbox.list({ to: 'ana@EXAMPLE.com' }).map(({ code }) => code)).toEqual(['123456']);
    expect(mailbox.list({ after: 1 })).toHaveLength(1);
  });

  it('shows the code and escapes what a mail says', async () => {
    mailbox.deliver(mail);
    const page = await (await mailbox.app.request('/', { headers: { 'accept-language': 'en' } })).text();
    expect(page).toContain('123456');
    expect(page).toContain('Código &lt;b&gt;');
    expect(page).toContain('Simulation');
  });

  it('announces each mail to the pages that look', async () => {
    const response = await mailbox.app.request('/events');
    const reader = response.body?.getReader();
    await reader?.read();
    mailbox.deliver(mail);
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('event: change');
    await reader?.cancel();
  });

  it('answers and clears over its control interface, and says what is wrong with a query', async () => {
    const control = createMailboxControl(mailbox);
    mailbox.deliver(mail);
    expect(await (await control.request('/messages?to=ana@example.com')).json()).toMatchObject({
      messages: [{ code: '123456' }],
    });
    expect((await control.request('/messages?to=nobody')).status).toBe(400);
    await control.request('/messages', { method: 'DELETE' });
    expect(mailbox.list()).toEqual([]);
  });
});
