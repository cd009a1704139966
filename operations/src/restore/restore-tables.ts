import type { TableName } from '@top-active/aws/table-definitions';
import type { TableBackups } from './table-backups.ts';

/**
 * To which point each table goes, in the order in which they are restored. What says that something is gone must never
 * be older than it is: with an earlier `erasures` the erased would be back, with earlier `keys` their secrets could be
 * opened again (and newer checkpoints could not), and with earlier `leases` a host of before could take its claims for
 * valid. Items and placements belong together: who should run, and what is stored of them.
 */
export const restorePlan: readonly { table: TableName; to: 'newest' | 'point' }[] = [
  { table: 'erasures', to: 'newest' },
  { table: 'keys', to: 'newest' },
  { table: 'leases', to: 'newest' },
  { table: 'limits', to: 'newest' },
  { table: 'placements', to: 'point' },
  { table: 'items', to: 'point' },
];

/** Restores all tables to `at`. No function and no session host may be running. */
export async function restoreTables({
  backups,
  tables,
  at,
  onStep = () => undefined,
}: {
  backups: TableBackups;
  /** Real names. */
  tables: Readonly<Record<TableName, string>>;
  at: Date;
  onStep?: ((text: string) => void) | undefined;
}): Promise<void> {
  for (const { table, to } of restorePlan) {
    const restored = await backups.restore(tables[table], to === 'point' ? at : undefined);
    onStep(`${table}: ${restored === 'point' ? `restored as of ${at.toISOString()}` : 'in its newest state'}`);
  }
}
