import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeChromium } from './chromium.ts';
import { judgeDisk } from './disk.ts';
import { judgeNode } from './node.ts';
import { judgePort, portCheck } from './ports.ts';
import { judgeStateFolder, stateFolderCheck } from './state-folder.ts';

describe('this machine', () => {
  it.each([
    ['Node 20', judgeNode('20.1.0', 'x64'), 'fail'],
    ['Node 24', judgeNode('24.21.0', 'x64'), 'ok'],
    ['no browser', judgeChromium({ path: undefined, version: undefined }), 'fail'],
    ['a browser that does not run', judgeChromium({ path: '/x', version: undefined }), 'fail'],
    ['another browser', judgeChromium({ path: '/opt/google/chrome/chrome', version: 'Chrome 150' }), 'warn'],
    [
      'the tested browser',
      judgeChromium({ path: '/usr/lib/chromium/chromium-headless-shell', version: 'Chromium 150' }),
      'ok',
    ],
    ['a full disk', judgeDisk(1e8), 'fail'],
    ['a nearly full disk', judgeDisk(1e9), 'warn'],
    ['room', judgeDisk(1e10), 'ok'],
    ['a free port', judgePort({ port: 3000, isTaken: false }), 'ok'],
    ['a running stack', judgePort({ port: 3000, isTaken: true, status: 200 }), 'ok'],
    ['a broken stack', judgePort({ port: 3000, isTaken: true, status: 502 }), 'fail'],
    ['another page', judgePort({ port: 3000, isTaken: true, status: 404 }), 'fail'],
    ['another program', judgePort({ port: 3000, isTaken: true }), 'fail'],
    ['no folder', judgeStateFolder('/x', { exists: false, isOurs: false, isWritable: false }), 'ok'],
    ['a foreign folder', judgeStateFolder('/x', { exists: true, isOurs: false, isWritable: true }), 'fail'],
    ['a read-only folder', judgeStateFolder('/x', { exists: true, isOurs: true, isWritable: false }), 'fail'],
  ])('%s', (_, finding, status) => {
    expect(finding.status).toBe(status);
    expect(finding.remedy === undefined).toBe(status === 'ok');
  });

  it('tells a stack’s port from a free one and from another program’s', async () => {
    const health = createServer((request, response) =>
      response.writeHead(request.url === '/api/health' ? 200 : 404).end(),
    );
    const dumb = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end('220 smtp\r\n'));
    const ports = await Promise.all(
      [health, dumb].map(
        (server) =>
          new Promise<number>((resolve) => {
            server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
            onTestFinished(() => void server.close());
          }),
      ),
    );
    const look = (port: number) => portCheck({ title: 'App', port, path: '/api/health' }).look();
    const [running, foreign] = await Promise.all(ports.map(look));
    expect([running?.seen, foreign?.seen]).toEqual(['running', 'taken by another program']);
    dumb.close();
    await expect.poll(async () => (await look(ports[1] ?? 0)).seen).toContain('free');
  });

  it('tells who holds a state folder', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'doctor-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const look = () => stateFolderCheck(dir).look();
    expect((await look()).status).toBe('fail');
    writeFileSync(join(dir, 'format.json'), '{}');
    expect(await look()).toEqual({ status: 'ok', seen: dir });
    writeFileSync(join(dir, 'stack.pid'), String(process.pid));
    expect((await look()).seen).toContain(`in use by process ${process.pid}`);
    writeFileSync(join(dir, 'stack.pid'), '4194305');
    expect((await look()).status).toBe('warn');
  });
});
