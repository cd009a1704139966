import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClosers } from '@top-active/local/stack/closers';
import { openLink } from './cuttable-link.ts';

const closers = createClosers();
afterEach(() => closers.closeAll());

async function openEcho() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      socket.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await openLink({ port: (server.address() as AddressInfo).port });
  const client = connect({ port: link.port, host: '127.0.0.1' });
  const answers: string[] = [];
  client.on('data', (chunk) => answers.push(chunk.toString()));
  await once(client, 'connect');
  closers.add(() => new Promise((resolve) => server.close(resolve)));
  closers.add(() => link.close());
  closers.add(() => void client.destroy());
  return { link, client, heard, answers };
}

describe('a link', () => {
  it('passes on what is said, both ways', async () => {
    const { client, answers } = await openEcho();
    client.write('olá');
    await expect.poll(() => answers).toEqual(['olá']);
  });

  it('that is cut keeps everything back without a word, and passes it on when it is mended', async () => {
    const { link, client, heard, answers } = await openEcho();
    link.cut();
    client.write('tarde');
    const another = connect({ port: link.port, host: '127.0.0.1' });
    closers.add(() => void another.destroy());
    await once(another, 'connect');
    another.write('também');
    // Both are on their way: what the kernel was given first on another link comes first.
    const proof = await openEcho();
    proof.client.write('prova');
    await expect.poll(() => proof.answers).toEqual(['prova']);
    expect(heard).toEqual([]);
    expect([client.destroyed, another.destroyed]).toEqual([false, false]);
    link.mend();
    await expect.poll(() => heard.toSorted()).toEqual(['também', 'tarde']);
    await expect.poll(() => answers).toEqual(['tarde']);
  });
});
