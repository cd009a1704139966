import { PortTakenError, ServiceStartError } from '../loopback/index.ts';

/** Makes the error that a person needs from what the server wrote before it ended. */
export function startError({ written, port, file }: { written: string; port: number; file: string }): Error {
  const reason = /^error: (.*)$/m.exec(written)?.[1] ?? (written.trim() || 'it gave no reason');
  if (/already in use/i.test(reason)) return new PortTakenError({ port, what: 'DynamoDB', cause: new Error(reason) });
  if (/disk is full|no space left/i.test(reason))
    return new ServiceStartError({
      problem: `There is no room left on the disk for DynamoDB's file ${file}.`,
      remedy: 'Free some space and start again.',
      cause: new Error(reason),
    });
  if (/not a valid SQLite|malformed|corrupt/i.test(reason))
    return new ServiceStartError({
      problem: `DynamoDB's file ${file} is damaged.`,
      remedy: 'Start over with: npm start -- --fresh (this deletes what was linked and stored locally).',
      cause: new Error(reason),
    });
  return new ServiceStartError({
    problem: `DynamoDB ended: ${reason}`,
    remedy: `Check that ${file} can be written.`,
  });
}
