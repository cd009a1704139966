/**
 * Whether a request calls this machine by a name of its own. A web page of a foreign domain that resolves to 127.0.0.1
 * (DNS rebinding) names that domain in Host, and counts as same-origin to the browser.
 */
export function isOwnName(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '');
  return name === '127.0.0.1' || name === 'localhost';
}
