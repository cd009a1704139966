/**
 * What the host's log says of a page build. All carry `build`, `missing` and `repaired`: names, separated by ", ".
 * The logger leaves out a field that is empty.
 */
export const pageBuildLines = {
  first: 'A build of WhatsApp’s page was met for the first time',
  lost: 'On a build of WhatsApp’s page something was found missing for the first time',
  again: 'A build of WhatsApp’s page was looked at',
} as const;
