import type { Check } from '../finding.ts';
import { chromiumCheck } from './chromium.ts';
import { diskCheck } from './disk.ts';
import { localFactsChecks } from './facts.ts';
import { nodeCheck } from './node.ts';
import { portCheck } from './ports.ts';
import { stateFolderCheck } from './state-folder.ts';

export interface LocalPlace {
  repository: string;
  /** State folder. */
  dir: string;
  /** Of the app; the simulated world has the next one. */
  port: number;
  /** CHROMIUM_PATH. */
  chromium: string | undefined;
}

/** Of this machine and the stack on it. */
export function localChecks({ repository, dir, port, chromium }: LocalPlace): Check[] {
  return [
    nodeCheck(),
    chromiumCheck(chromium),
    diskCheck(repository),
    stateFolderCheck(dir),
    portCheck({ title: 'App', port, path: '/api/health' }),
    portCheck({ title: 'Simulated world', port: port + 1, path: '/mailbox' }),
    ...localFactsChecks({ worldPort: port + 1 }),
  ];
}
