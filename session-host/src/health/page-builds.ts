import { capabilitiesIn, metrics, type KnownBuilds, type Log } from '@top-active/aws';
import type { CapabilityReport } from '@top-active/core/contracts';
import { pageBuildLines } from './page-build-lines.ts';

export interface PageBuilds {
  /**
   * Counts what a session found in a document of WhatsApp's page, and tells the operator what no session had found
   * before: a build, and what is missing on one. Never fails.
   */
  note(report: CapabilityReport): Promise<void>;
}

/**
 * What this host's sessions find on their pages. `known` is asked once for each build and each change of what was
 * found.
 */
export function createPageBuilds({ known, log }: { known: KnownBuilds; log: Log }): PageBuilds {
  const noted = new Map<string, string>();

  return {
    async note(report) {
      const { build } = report;
      const missing = capabilitiesIn(report, 'missing');
      const repaired = capabilitiesIn(report, 'repaired');
      metrics.emit('CapabilitiesMissing', missing.length, { build });
      metrics.emit('CapabilitiesRepaired', repaired.length, { build });
      const found = JSON.stringify([missing, repaired]);
      if (noted.get(build) === found) return;
      noted.set(build, found);
      try {
        const { isNew, newlyMissing } = await known.meet(report);
        const fields = { build, missing: missing.join(', '), repaired: repaired.join(', ') };
        if (isNew) metrics.emit('NewPageBuilds');
        if (newlyMissing.length > 0) metrics.emit('CapabilitiesLost', newlyMissing.length);
        // It is told once: a host that dies of this page must not take it along.
        if (isNew || newlyMissing.length > 0) metrics.flush();
        if (isNew) log.warn(pageBuildLines.first, fields);
        else if (newlyMissing.length > 0) log.warn(pageBuildLines.lost, fields);
        else log.info(pageBuildLines.again, fields);
      } catch (error) {
        // The next document is another chance.
        noted.delete(build);
        log.error('What was found on WhatsApp’s page could not be stored', { build }, error);
      }
    },
  };
}
