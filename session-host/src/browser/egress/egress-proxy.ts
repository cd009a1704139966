import { lookup } from 'node:dns';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { isAllowedHost, isPublicAddress } from './allowed-hosts.ts';

const connectTimeoutMs = 15_000;
/** Of refused hosts: a page could make up any number of names. */
const namedAtMost = 50;

export interface EgressProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The only way out for pages: a proxy on loopback that opens tunnels to the allowed hosts' port 443, and answers
 * everything else with 403. Names are resolved here, and one that leads to an address that isn't public is refused as
 * well.
 */
export async function startEgressProxy({
  hosts,
  onRefused,
  port: allowedPort = 443,
  resolve = lookup,
  isPublic = isPublicAddress,
}: {
  /** Names, or `*.` and a domain. */
  hosts: readonly string[];
  /** Once for each of the first fifty hosts. */
  onRefused: (host: string) => void;
  port?: number;
  resolve?: LookupFunction;
  isPublic?: (address: string) => boolean;
}): Promise<EgressProxy> {
  const tunnels = new Set<Duplex>();
  const refused = new Set<string>();

  function refuse(client: Duplex, host: string): void {
    if (refused.size < namedAtMost && !refused.has(host)) {
      refused.add(host);
      onRefused(host);
    }
    client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }

  /** Refuses a name that leads to an address of ours, whoever answers for it. */
  const resolvePublic: LookupFunction = (name, options, callback) => {
    resolve(name, options, (error, address, family) => {
      const addresses = Array.isArray(address) ? address.map((each) => each.address) : [address];
      if (!error && !addresses.every(isPublic)) error = new Error('The name leads to an address that is not public');
      callback(error, address, family);
    });
  };

  function tunnel({ url = '' }: IncomingMessage, client: Duplex, head: Buffer): void {
    client.on('error', () => client.destroy());
    const { host, port } = splitAuthority(url);
    if (port !== allowedPort || isIP(host) || !isAllowedHost(host, hosts)) return refuse(client, host);
    const server = connect({ host, port, lookup: resolvePublic });
    for (const end of [client, server]) {
      tunnels.add(end);
      end.on('close', () => {
        tunnels.delete(end);
        client.destroy();
        server.destroy();
      });
    }
    server.setTimeout(connectTimeoutMs, () => server.destroy());
    server.on('error', () => {
      if (server.connecting || server.bytesRead === 0)
        client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n');
      else client.destroy();
    });
    server.on('connect', () => {
      server.setTimeout(0);
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      client.pipe(server);
      server.pipe(client);
    });
  }

  const proxy = createServer(({ socket, url = '' }) => refuse(socket, hostOf(url)));
  proxy.on('connect', tunnel);
  proxy.on('upgrade', ({ url = '' }: IncomingMessage, client: Duplex) => refuse(client, hostOf(url)));
  await new Promise<void>((done, fail) => {
    proxy.once('error', fail);
    proxy.listen(0, '127.0.0.1', done);
  });
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy does not listen on a port');
  const { port } = address;
  return {
    port,
    async close() {
      for (const end of tunnels) end.destroy();
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    },
  };
}

/** `host:port` of a CONNECT; IPv6 addresses come in brackets. */
function splitAuthority(authority: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(authority) ?? [];
  return { host: host.toLowerCase(), port: Number(port) };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
