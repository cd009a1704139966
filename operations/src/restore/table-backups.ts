/** Brings tables back. In AWS out of DynamoDB's own backups; in the rehearsal out of copies. */
export interface TableBackups {
  /**
   * Makes the table once more under the name it had, with what was in it at `at`, or at last when that is absent. Whatever stands under
   * that name goes.
   */
  restore(table: string, at: Date | undefined): Promise<void>;
}
