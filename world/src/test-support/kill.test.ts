import { afterAll, describe, expect, it } from 'vitest';
import { createGoogleWorld } from '../google/index.ts';
import { createMailbox } from '../mailbox/index.ts';
import { createOpenAiWorld } from '../openai/index.ts';
import { runAndKill } from './killed-process.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const folder = makeTemporaryFolder();
afterAll(() => folder.remove());

function from(room: string): string {
  return JSON.stringify(new URL(`../${room}/index.ts`, import.meta.url).href);
}

describe('the simulated world', () => {
  it('keeps everything that was answered when its process is killed', async () => {
    const dir = JSON.stringify(folder.path);
    await runAndKill(`
      import { createGoogleWorld } from ${from('google')};
      import { createMailbox } from ${from('mailbox')};
      import { createOpenAiWorld } from ${from('openai')};
      const google = createGoogleWorld({ dir: ${dir} });
      google.ensureAccount({ email: 'maria@example.com' });
      google.addEvent('maria@example.com', {
        id: 'consulta1', summary: 'Consulta',
        start: { dateTime: '2026-11-24T14:00:00-03:00' }, end: { dateTime: '2026-11-24T15:00:00-03:00' },
      });
      createMailbox({ dir: ${dir} }).deliver({ to: 'a@example.com', subject: 's', text: 't', kind: 'sign-up', code: '123456', at: 1 });
      createOpenAiWorld({ dir: ${dir} }).setKey({ key: 'sk-proj-simulated-1', state: 'active' });
      process.stdout.write('done');
      setInterval(() => undefined, 1000);
    `);

    const google = createGoogleWorld({ dir: folder.path });
    expect(google.events('maria@example.com')).toMatchObject([{ id: 'consulta1', summary: 'Consulta' }]);
    google.close();
    const mailbox = createMailbox({ dir: folder.path });
    expect(mailbox.list()).toMatchObject([{ code: '123456' }]);
    mailbox.close();
    const openAi = createOpenAiWorld({ dir: folder.path });
    expect(openAi.keys()).toContainEqual({ key: 'sk-proj-simulated-1', state: 'active' });
    openAi.close();
  });
});
