import { awsEnvSchema, createClients, createKnownModels, readAwsEnv } from '@top-active/aws';
import { assistantJobSchema } from '@top-active/core/contracts';
import { openCalendar } from '../google/calendar.ts';
import { createGoogleOAuth } from '../google/google-oauth.ts';
import { googleEnvSchema, googleSettings } from '../google/google-settings.ts';
import { openAiEnvSchema } from '../openai/openai-env.ts';
import { createFifoHandler } from '../queue/fifo-handler.ts';
import { openWakingTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { createAssistant } from './assistant.ts';
import { createModelWatch } from './watch-model.ts';

const envSchema = wakingTenantEnvSchema
  .extend(googleEnvSchema.shape)
  .extend(openAiEnvSchema.shape)
  .extend(awsEnvSchema.pick({ PLACEMENTS_TABLE: true }).shape);

export const handler = createFifoHandler<typeof assistantJobSchema>({
  name: 'assistant',
  schema: assistantJobSchema,
  build: () => {
    const env = readAwsEnv(process.env, envSchema);
    const clients = createClients();
    const openAi = { baseUrl: env.OPENAI_BASE_URL, model: env.OPENAI_MODEL };
    const models = createKnownModels(clients, { table: env.PLACEMENTS_TABLE });
    const oauth = createGoogleOAuth(googleSettings(clients, env));
    return createAssistant({
      tenants: openWakingTenants(clients, env),
      openCalendar: (tenant) => openCalendar({ tenant, oauth, apiRoot: env.GOOGLE_API_ROOT }),
      openAi,
      watch: createModelWatch({ models, openAi, now: Date.now }),
      now: Date.now,
    });
  },
});
