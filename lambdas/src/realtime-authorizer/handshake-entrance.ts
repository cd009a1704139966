import { createEntrance } from '../http/entrance.ts';
import { appOriginSchema, isForeignOrigin } from '../http/origin.ts';

export type HandshakeHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Whether a WebSocket's handshake may go on: it came through CloudFront, and a browser doesn't say that a page of
 * somebody else asks for it. No same-origin policy holds for WebSockets.
 * @throws Error when a variable is missing
 */
export function createHandshakeEntrance(
  name: 'realtime-authorizer' | 'realtime',
  env: NodeJS.ProcessEnv,
): (headers: HandshakeHeaders) => boolean {
  const isThroughCloudFront = createEntrance(name, env);
  const appOrigin = appOriginSchema.parse(env.APP_ORIGIN);
  return (headers) => {
    const [, origin] = Object.entries(headers).find(([header]) => header.toLowerCase() === 'origin') ?? [];
    return isThroughCloudFront(headers) && !isForeignOrigin(origin, appOrigin);
  };
}
