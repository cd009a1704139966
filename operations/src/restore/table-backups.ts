/**
 * What stands under a table's name after a restore: its state at the point that was asked for, or the last that it had.
 */
export type Restored = 'point' | 'last';

/** Brings tables back. In AWS out of DynamoDB's own backups; in the rehearsal out of copies. */
export interface TableBackups {
  /**
   * Makes the table once more under the name it had, with what was in it at `at`, or at last when that is absent.
   * Whatever stands under that name goes. May be broken off at any time: called again in the same way, it goes on from
   * there.
   * @returns `last` for a point that can't be had any more, since the table was deleted before
   */
  restore(table: string, at: Date | undefined): Promise<Restored>;
}
