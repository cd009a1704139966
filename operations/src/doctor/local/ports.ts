import { connect } from 'node:net';
import { fail, ok, type Check, type Finding } from '../finding.ts';

export interface PortState {
  port: number;
  isTaken: boolean;
  /** HTTP status of the address that only a stack of ours has. */
  status?: number | undefined;
}

const patienceMs = 3_000;

/** @param options.path answered by a stack of ours with 200 */
export function portCheck({ title, port, path }: { title: string; port: number; path: string }): Check {
  return {
    title: `${title} (port ${port})`,
    async look() {
      const isTaken = await accepts(port);
      return judgePort({
        port,
        isTaken,
        status: isTaken ? await statusOf(`http://127.0.0.1:${port}${path}`) : undefined,
      });
    },
  };
}

export function judgePort({ port, isTaken, status }: PortState): Finding {
  if (!isTaken) return ok('free: no stack is running');
  if (status === 200) return ok('running');
  if (status !== undefined && status >= 500)
    return fail(`answers ${status}`, 'Read the output of npm start. Restart it with --verbose to see more.');
  return fail('taken by another program', `Stop it, or use another port: npm start -- --port ${port + 10}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: patienceMs });
    const end = (isTaken: boolean) => () => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.on('connect', end(true));
    socket.on('timeout', end(true));
    socket.on('error', end(false));
  });
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(patienceMs) })).status;
  } catch {
    // Whatever listens there, it doesn't speak HTTP.
    return undefined;
  }
}
