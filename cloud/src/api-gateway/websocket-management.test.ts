import { once } from 'node:events';
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AwsError } from '../wire/index.ts';
import { closeAll, start, open } from './websocket-fixture.ts';

afterEach(closeAll);

describe('@connections', () => {
  it('sends to a client', async () => {
    const { api, management, connectionIds } = await start();
    const socket = await open(api);
    const [ConnectionId] = connectionIds();
    await management.send(new PostToConnectionCommand({ ConnectionId, Data: '{"olá":1}' }));
    await vi.waitFor(() => expect(socket.texts).toEqual(['{"olá":1}']));
  });

  it('tells about a connection', async () => {
    const { api, management, connectionIds } = await start();
    const before = Date.now();
    await open(api);
    const [ConnectionId] = connectionIds();
    const found = await management.send(new GetConnectionCommand({ ConnectionId }));
    expect(found.Identity).toMatchObject({ SourceIp: '127.0.0.1' });
    expect(found.ConnectedAt?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(found.LastActiveAt).toBeInstanceOf(Date);
  });

  it('closes a connection, after which it is gone', async () => {
    const { api, management, connectionIds, eventsOf } = await start();
    const socket = await open(api);
    const [ConnectionId] = connectionIds();
    const closed = once(socket, 'close');
    await management.send(new DeleteConnectionCommand({ ConnectionId }));
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toMatchObject({
      name: 'GoneException',
      $metadata: { httpStatusCode: 410 },
    });
    expect((await closed)[0]).toBe(1000);
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));
  });

  it('knows nothing of a connection that never was', async () => {
    const { management } = await start();
    for (const command of [
      new GetConnectionCommand({ ConnectionId: 'a=' }),
      new DeleteConnectionCommand({ ConnectionId: 'a=' }),
    ])
      await expect(management.send(command)).rejects.toMatchObject({ name: 'GoneException' });
  });

  it('refuses a message over 128 KB', async () => {
    const { api, management, connectionIds } = await start();
    await open(api);
    const [ConnectionId] = connectionIds();
    const Data = 'x'.repeat(128 * 1024 + 1);
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data }))).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('asks whether the caller may', async () => {
    const asked: unknown[] = [];
    const { api, management, connectionIds } = await start(
      {},
      {
        authorize: (request) => {
          asked.push(request);
          throw new AwsError({ code: 'AccessDeniedException', message: 'User is not authorized' });
        },
      },
    );
    await open(api);
    const [ConnectionId = ''] = connectionIds();
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toMatchObject({
      name: 'ForbiddenException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(asked).toMatchObject([
      {
        action: 'execute-api:ManageConnections',
        resource: `arn:aws:execute-api:us-east-1:000000000000:local/live/POST/@connections/${ConnectionId}`,
        credentials: { accessKeyId: 'test' },
      },
    ]);
  });

  it('answers nobody who does not sign', async () => {
    const { api, connectionIds } = await start();
    await open(api);
    const [connectionId = ''] = connectionIds();
    const path = `/@connections/${encodeURIComponent(connectionId)}`;
    expect((await fetch(`${api.managementEndpoint}${path}`)).status).toBe(403);
  });
});
