/**
 * Logical id, in the stack `workers`, of the event source mapping that reads a table's stream since a restore. Another
 * one for each stream: what the restore has made is taken into the stack under it, and what the stack had before is
 * gone with it.
 */
export function restoredMappingId(streamArn: string): string {
  return `RestoredStream${streamArn.replace(/^.*\/stream\//, '').replaceAll(/\D/g, '')}`;
}
