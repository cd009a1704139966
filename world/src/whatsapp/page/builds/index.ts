import { pageVersions, type PageBuild } from '../../page-builds.ts';
import { callsByActiveCall } from './calls.ts';
import type { PageChange } from './change.ts';
import { newChatsByHiddenId } from './hidden-ids.ts';
import { modulesComeLater } from './lazy-modules.ts';
import { previewItself } from './link-preview.ts';
import { mediaWithPrivateId, messagesNeedTheirId } from './media-data.ts';
import { keysNameTheirTextOtherwise } from './message-keys.ts';
import { modulesOnDemand } from './on-demand.ts';
import { presenceByKind, presenceByKindAlone } from './presence.ts';
import {
  messagesWithoutTheirClass,
  noInitConn,
  noUserhash,
  reactionsWithoutTheirAggregate,
} from './withdrawn-exports.ts';

interface Build {
  build: PageBuild;
  /** Against the build before. */
  changes: PageChange[];
}

/** The page as WhatsApp changed it, oldest build first. The dates are those when the changes reached most people. */
const builds: Build[] = [
  { build: '2026-04', changes: [] },
  { build: '2026-07', changes: [keysNameTheirTextOtherwise, presenceByKind] },
  { build: '2026-07-lazy', changes: [modulesComeLater] },
  {
    build: '2026-08',
    changes: [noInitConn, messagesWithoutTheirClass, noUserhash, modulesOnDemand],
  },
  {
    build: '2026-09',
    changes: [
      presenceByKindAlone,
      reactionsWithoutTheirAggregate,
      mediaWithPrivateId,
      messagesNeedTheirId,
      previewItself,
      callsByActiveCall,
      newChatsByHiddenId,
    ],
  },
];

/** A build is all the changes up to it. */
export function buildNamed(name: PageBuild): { version: string; changes: PageChange[] } {
  const at = builds.findIndex(({ build }) => build === name);
  if (at === -1) throw new Error(`There is no build ${name}.`);
  return { version: pageVersions[name], changes: builds.slice(0, at + 1).flatMap(({ changes }) => changes) };
}
