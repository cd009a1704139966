import { readSecretString, type AwsClients } from '@top-active/aws';
import { z } from 'zod';

/** Where Google is, and who we are to Google. Other addresses than Google's own lead to a simulated one. */
export const googleEnvSchema = z.object({
  GOOGLE_CLIENT_ID: z.string().min(1),
  /** In Secrets Manager. */
  GOOGLE_CLIENT_SECRET_ARN: z.string().startsWith('arn:'),
  GOOGLE_AUTH_URL: z.url().default('https://accounts.google.com/o/oauth2/v2/auth'),
  GOOGLE_TOKEN_URL: z.url().default('https://oauth2.googleapis.com/token'),
  GOOGLE_REVOKE_URL: z.url().default('https://oauth2.googleapis.com/revoke'),
  GOOGLE_API_ROOT: z.url().default('https://www.googleapis.com/'),
});

export interface GoogleSettings {
  clientId: string;
  /** Read when it is needed, so that functions that don't talk to Google this time don't wait for it. */
  clientSecret: () => Promise<string>;
  authUrl: string;
  tokenUrl: string;
  revokeUrl: string;
  apiRoot: string;
}

export function googleSettings(clients: AwsClients, env: z.infer<typeof googleEnvSchema>): GoogleSettings {
  return {
    clientId: env.GOOGLE_CLIENT_ID,
    clientSecret: () => readSecretString(clients, env.GOOGLE_CLIENT_SECRET_ARN),
    authUrl: env.GOOGLE_AUTH_URL,
    tokenUrl: env.GOOGLE_TOKEN_URL,
    revokeUrl: env.GOOGLE_REVOKE_URL,
    apiRoot: env.GOOGLE_API_ROOT,
  };
}
