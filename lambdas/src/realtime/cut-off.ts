import type { ConnectionRecord, Realtime, Tenant } from '@top-active/aws';

/** Closes WebSockets of a user at once. */
export async function cutOff(
  connections: readonly Pick<ConnectionRecord, 'connectionId'>[],
  { tenant, realtime }: { tenant: Tenant; realtime: Realtime },
): Promise<void> {
  await Promise.all(
    connections.map(async ({ connectionId }) => {
      // First: no hint goes there any more, even where API Gateway can't be reached.
      await tenant.connections.remove(connectionId);
      await realtime.disconnect(connectionId);
    }),
  );
}
