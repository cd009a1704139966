import { StackError } from './stack-error.ts';

/** Where the product finds WhatsApp, Google and OpenAI. Absent addresses mean the real ones. */
export interface Providers {
  simulated: boolean;
  google: {
    clientId: string;
    clientSecret: string;
    authUrl: string | undefined;
    tokenUrl: string | undefined;
    revokeUrl: string | undefined;
    apiRoot: string | undefined;
  };
  openAiBaseUrl: string | undefined;
  openAiModel: string | undefined;
  /** Arguments that lead the sessions' browsers to the stand-in; none for the real WhatsApp. */
  browserArgs: string[];
}

/** The simulated ones, at the world's address. */
export function simulatedProviders({
  worldOrigin,
  browserArgs,
  clientSecret,
}: {
  worldOrigin: string;
  browserArgs: string[];
  clientSecret: string;
}): Providers {
  return {
    simulated: true,
    google: {
      clientId: simulatedGoogleClientId,
      clientSecret,
      authUrl: `${worldOrigin}/google/o/oauth2/v2/auth`,
      tokenUrl: `${worldOrigin}/google/token`,
      revokeUrl: `${worldOrigin}/google/revoke`,
      apiRoot: `${worldOrigin}/google`,
    },
    openAiBaseUrl: `${worldOrigin}/openai/v1`,
    openAiModel: undefined,
    browserArgs,
  };
}

export const simulatedGoogleClientId = 'simulated.apps.googleusercontent.com';

/** The real ones. @throws StackError naming what the environment lacks. */
export function liveProviders(env: Readonly<Record<string, string | undefined>>): Providers {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env;
  if (!clientId || !clientSecret)
    throw new StackError(
      '--live needs an OAuth client of your own. GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not both set.',
      'Create one in the Google Cloud console (type: web application) and set both variables; see README.md.',
    );
  return {
    simulated: false,
    google: {
      clientId,
      clientSecret,
      authUrl: undefined,
      tokenUrl: undefined,
      revokeUrl: undefined,
      apiRoot: undefined,
    },
    openAiBaseUrl: env.OPENAI_BASE_URL,
    openAiModel: env.OPENAI_MODEL,
    browserArgs: [],
  };
}
