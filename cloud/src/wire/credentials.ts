export interface Credentials {
  accessKeyId: string;
  sessionToken?: string | undefined;
}

const credentialScope = /^AWS4-HMAC-SHA256\s.*?\bCredential=([^/,\s]+)\//;

/** Who signs the request, by the SigV4 headers. The signature itself is not verified: emulators hold no secret keys. */
export function readCredentials(headers: NodeJS.Dict<string | string[]>): Credentials | undefined {
  const accessKeyId = credentialScope.exec(String(headers.authorization ?? ''))?.[1];
  if (accessKeyId === undefined) return undefined;
  const sessionToken = headers['x-amz-security-token'];
  return typeof sessionToken === 'string' ? { accessKeyId, sessionToken } : { accessKeyId };
}
