/** Settings of every SDK client here: an account that doesn't answer is told of soon. */
export function clientSettings({ region }: { region: string }) {
  return {
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  };
}
