import { connect } from 'node:tls';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

const patienceMs = 8_000;
const dayMs = 24 * 3600_000;

export interface WebState {
  address: string | undefined;
  /** HTTP status of the page. */
  status?: number | undefined;
  isOurPage?: boolean | undefined;
  certificateEndsAt?: Date | undefined;
}

export function webCheck(inventory: Inventory): Check {
  return {
    title: 'Web app',
    async look() {
      const address = await addressOf(inventory);
      if (!address) return judgeWeb({ address }, new Date());
      const [page, certificateEndsAt] = await Promise.all([load(address), certificateEnd(new URL(address).hostname)]);
      return judgeWeb({ address, certificateEndsAt, ...page }, new Date());
    },
  };
}

export function judgeWeb({ address, status, isOurPage, certificateEndsAt }: WebState, now: Date): Finding {
  if (!address) return fail('the web stack has no address', 'Deploy: npm run deploy');
  if (status === undefined)
    return fail(`${address} does not answer`, 'Check DNS: the domain must point to CloudFront.');
  if (status !== 200) return fail(`${address} answers ${status}`, 'Upload the web app: npm run deploy -- web');
  if (!isOurPage) return fail(`${address} shows another page`, 'Check where the domain points to.');
  const days = certificateEndsAt && Math.floor((certificateEndsAt.getTime() - now.getTime()) / dayMs);
  if (days !== undefined && days < 21)
    return warn(
      `${address}, its certificate ends in ${days} days`,
      'ACM renews it only while the validation record is in the zone. Look for the record in Route 53.',
    );
  return ok(`${address}${days === undefined ? '' : `, certificate for ${days} more days`}`);
}

export function apiCheck(inventory: Inventory): Check {
  return {
    title: 'API',
    async look() {
      const address = await addressOf(inventory);
      return judgeApi(address ? (await load(`${address}/api/health`)).status : undefined);
    },
  };
}

export function judgeApi(status: number | undefined): Finding {
  if (status === 200) return ok('healthy');
  const seen = status === undefined ? 'does not answer' : `answers ${status}`;
  return fail(seen, 'Read the log of the function account.');
}

async function addressOf(inventory: Inventory): Promise<string | undefined> {
  return (await inventory.stacks()).find(({ part }) => part === 'web')?.outputs.Address;
}

async function load(url: string): Promise<Pick<WebState, 'status' | 'isOurPage'>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    return { status: response.status, isOurPage: (await response.text()).includes('Top Active') };
  } catch {
    // Not found, refused, or too slow: for the judgement all the same.
    return {};
  }
}

function certificateEnd(host: string): Promise<Date | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, servername: host, timeout: patienceMs }, () => {
      const { valid_to } = socket.getPeerCertificate();
      socket.destroy();
      resolve(valid_to ? new Date(valid_to) : undefined);
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
  });
}
