import type { PoolConfig } from './pool-config.ts';
import type { User } from './user-store.ts';

export type CognitoMailKind = 'sign-up' | 'resend' | 'forgot-password';

/** An e-mail that Cognito would send. */
export interface CognitoMail {
  to: string;
  subject: string;
  text: string;
  html?: string | undefined;
  kind: CognitoMailKind;
  /** Six digits. */
  code: string;
  /** Unix time in milliseconds. */
  at: number;
}

export interface MailToWrite {
  user: User;
  kind: CognitoMailKind;
  code: string;
  config: PoolConfig;
  at: number;
}

const placeholder = '{####}';
const confirmation = {
  subject: 'Seu código de confirmação · Your confirmation code',
  text: [
    `Seu código de confirmação é ${placeholder}. Ele vale por 24 horas.`,
    'Se você não criou uma conta, ignore este e-mail.',
    '',
    `Your confirmation code is ${placeholder}. It is valid for 24 hours.`,
    "If you didn't create an account, ignore this e-mail.",
  ].join('\n'),
};
const reset = {
  subject: 'Seu código para trocar a senha · Your code to reset the password',
  text: [
    `Seu código para trocar a senha é ${placeholder}. Ele vale por 1 hora.`,
    'Se você não pediu, ignore este e-mail: sua senha continua a mesma.',
    '',
    `Your code to reset the password is ${placeholder}. It is valid for 1 hour.`,
    "If you didn't ask for it, ignore this e-mail: your password stays the same.",
  ].join('\n'),
};

/** In the pool's own words where it has any, which are HTML as in Cognito. */
export function writeMail({ user, kind, code, config, at }: MailToWrite): CognitoMail {
  const standard = kind === 'forgot-password' ? reset : confirmation;
  const template = config.VerificationMessageTemplate;
  const subject = template?.EmailSubject ?? config.EmailVerificationSubject ?? standard.subject;
  const html = template?.EmailMessage ?? config.EmailVerificationMessage;
  const text = html === undefined ? standard.text : textOf(html);
  return {
    to: user.email,
    subject,
    text: text.replaceAll(placeholder, code),
    html: html?.replaceAll(placeholder, code),
    kind,
    code,
    at,
  };
}

function textOf(html: string): string {
  return html.replaceAll(/<br\s*\/?>|<\/p>/gi, '\n').replaceAll(/<[^>]*>/g, '');
}

/** `a***@e***`, as Cognito shows where a code went. */
export function codeDelivery(email: string): object {
  const [local = '', domain = ''] = email.split('@');
  return {
    Destination: `${local.charAt(0)}***@${domain.charAt(0)}***`,
    DeliveryMedium: 'EMAIL',
    AttributeName: 'email',
  };
}
