import { z } from 'zod';
import { resourcesOf, type Template } from '@top-active/cloud/iam';

const propertiesSchema = z.object({
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL']),
  VerificationMessageTemplate: z.object({ EmailSubject: z.string(), EmailMessage: z.string() }),
});

/** What the templates say about the user pool: whether there is a second factor, and the words of its e-mails. */
export function userPoolOf(templates: readonly Template[]): z.output<typeof propertiesSchema> {
  const [pool] = resourcesOf(templates, 'AWS::Cognito::UserPool');
  return propertiesSchema.parse(pool?.properties);
}
