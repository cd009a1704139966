import { localAccountId, localRegion } from '@top-active/cloud/wire';
import { resourcesOf, type Resource, type Template } from '@top-active/cloud/iam';
import { z } from 'zod';

const poolSchema = z.object({
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL']),
  AliasAttributes: z.tuple([z.literal('email')]),
  VerificationMessageTemplate: z.object({ EmailSubject: z.string(), EmailMessage: z.string() }),
  LambdaConfig: z.object({
    PreTokenGenerationConfig: z.object({ LambdaVersion: z.literal('V2_0'), LambdaArn: z.unknown() }),
  }),
});

const clientSchema = z.object({
  GenerateSecret: z.boolean(),
  PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']),
  EnableTokenRevocation: z.boolean(),
  AuthSessionValidity: z.int(),
  AccessTokenValidity: z.int(),
  IdTokenValidity: z.int(),
  RefreshTokenValidity: z.int(),
  /** CDK writes all of them in minutes. */
  TokenValidityUnits: z.object({
    AccessToken: z.literal('minutes'),
    IdToken: z.literal('minutes'),
    RefreshToken: z.literal('minutes'),
  }),
  ExplicitAuthFlows: z.array(z.enum(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'])),
  RefreshTokenRotation: z
    .object({ Feature: z.enum(['ENABLED', 'DISABLED']), RetryGracePeriodSeconds: z.int() })
    .default({ Feature: 'DISABLED', RetryGracePeriodSeconds: 0 }),
});

/** What the templates say about the user pool and its app clients, as the emulator is told it. */
export function userPoolOf(templates: readonly Template[], { cognitoMails }: { cognitoMails: boolean }) {
  const [pool] = resourcesOf(templates, 'AWS::Cognito::UserPool');
  const { LambdaConfig, ...properties } = poolSchema.parse(pool?.properties);
  const { LambdaVersion, LambdaArn } = LambdaConfig.PreTokenGenerationConfig;
  const clients = resourcesOf(templates, 'AWS::Cognito::UserPoolClient');
  return {
    pool: {
      ...properties,
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arnOf(LambdaArn) } },
      EmailConfiguration: { EmailSendingAccount: cognitoMails ? ('COGNITO_DEFAULT' as const) : ('DEVELOPER' as const) },
    },
    clients: { Web: clientOf(clients, 'Web'), Presence: clientOf(clients, 'Presence') },
  };
}

/** By the name that it has in infra, which CDK puts into its logical id. */
function clientOf(clients: readonly Resource[], name: string): z.output<typeof clientSchema> {
  const found = clients.filter(({ logicalId }) => logicalId.startsWith(`Users${name}`));
  if (found.length !== 1) throw new Error(`The templates have ${found.length} app clients called ${name}.`);
  return clientSchema.parse(found[0]?.properties);
}

/** `arn:<partition>:lambda:<region>:<account>:function:<name>`, joined of text and pseudo parameters. */
function arnOf(joined: unknown): string {
  const [separator, parts] = z
    .tuple([z.string(), z.array(z.union([z.string(), z.object({ Ref: z.string() })]))])
    .parse(Object(joined)['Fn::Join']);
  const here: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': localRegion,
    'AWS::AccountId': localAccountId,
  };
  return parts.map((part) => (typeof part === 'string' ? part : (here[part.Ref] ?? ''))).join(separator);
}
