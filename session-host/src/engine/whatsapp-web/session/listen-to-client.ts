import type { Client } from 'whatsapp-web.js';
import { z } from 'zod';
import type { EngineEvent } from '../../engine.ts';
import type { SessionEvent } from './session-state.ts';

const batterySchema = z.object({ battery: z.number().min(0).max(100), plugged: z.boolean().default(false) });

/** What the library tells of the session itself; `forwardMessages` hears of messages. */
export function listenToClient(
  client: Client,
  {
    dispatch,
    emit,
    onHeard,
  }: {
    dispatch: (event: SessionEvent) => void;
    emit: (event: EngineEvent) => void;
    /** WhatsApp itself has been heard of. */
    onHeard: () => void;
  },
): void {
  client.on('qr', (code) => dispatch({ type: 'qr', code }));
  client.on('loading_screen', (percent) =>
    dispatch({ type: 'loading', percent: Number(percent), at: performance.now() }),
  );
  client.on('ready', () => {
    onHeard();
    dispatch({ type: 'told-ready', at: performance.now() });
  });
  client.on('change_state', (state: string) => dispatch({ type: 'changed', state }));
  client.on('disconnected', (reason: string) => dispatch({ type: 'disconnected', reason }));
  client.on('change_battery', (told: unknown) => {
    const battery = batterySchema.safeParse(told).data;
    if (battery) emit({ type: 'battery', percent: battery.battery, plugged: battery.plugged });
  });
}
