import type { Locale } from '@top-active/core/contracts';
import { html } from 'hono/html';
import type { Markup } from '../page-style/index.ts';
import type { AuthorizationRefusal, AuthorizationRequest } from './authorization-request.ts';
import { describeScope, isSignInScope } from './scopes.ts';
import type { GoogleAccount } from './types.ts';

export const consentTexts = {
  'pt-BR': {
    notice: 'Google simulado: nenhuma conta real é usada aqui.',
    title: 'Fazer login no Google (simulado)',
    heading: (app: string) => `${app} quer acessar sua conta do Google`,
    account: 'Conta',
    other: 'Usar outra conta',
    email: 'E-mail da conta simulada',
    emailError: 'Digite um e-mail válido, como maria@exemplo.com.br.',
    access: 'Selecione o que o app pode acessar',
    signIn: 'Junto com o login',
    allow: 'Permitir',
    deny: 'Negar',
    blocked: 'Acesso bloqueado: a solicitação do app é inválida',
  },
  en: {
    notice: 'Simulated Google: no real account is used here.',
    title: 'Sign in with Google (simulated)',
    heading: (app: string) => `${app} wants to access your Google Account`,
    account: 'Account',
    other: 'Use another account',
    email: 'E-mail of the simulated account',
    emailError: 'Enter a valid e-mail address, like maria@example.com.',
    access: 'Select what the app can access',
    signIn: 'Together with signing in',
    allow: 'Allow',
    deny: 'Deny',
    blocked: 'Access blocked: the app’s request is invalid',
  },
} as const satisfies Record<Locale, object>;

export interface ConsentView {
  locale: Locale;
  request: AuthorizationRequest;
  accounts: GoogleAccount[];
  /** What the person typed and was refused. */
  rejectedEmail?: string | undefined;
}

export function consentMain({ locale, request, accounts, rejectedEmail }: ConsentView): Markup {
  const text = consentTexts[locale];
  const hint = request.loginHint?.toLowerCase();
  const chosen =
    rejectedEmail === undefined ? (accounts.find(({ email }) => email === hint) ?? accounts[0])?.email : undefined;
  const typed = rejectedEmail ?? (chosen === hint ? '' : (request.loginHint ?? ''));
  const picked = hint && chosen !== hint ? undefined : chosen;
  const signIn = request.scopes.filter(isSignInScope);
  const optional = request.scopes.filter((scope) => !isSignInScope(scope));
  return html`<form method="post" class="column narrow">
    <h1>${text.heading(request.client.name)}</h1>
    <fieldset class="card">
      <legend>${text.account}</legend>
      ${accounts.map(
        ({ email, name }) =>
          html`<label class="choice">
            <input type="radio" name="account" value="${email}" ${email === picked ? 'checked' : ''} />
            <span>${name}<br /><span class="quiet">${email}</span></span>
          </label>`,
      )}
      ${
        accounts.length > 0
          ? html`<label class="choice">
              <input type="radio" name="account" value="" ${picked ? '' : 'checked'} /><span>${text.other}</span>
            </label>`
          : ''
      }
      <label class="field" for="new-email">${text.email}</label>
      <input
        id="new-email"
        type="email"
        name="newEmail"
        value="${typed}"
        autocomplete="off"
        placeholder="maria@example.com"
        ${rejectedEmail === undefined ? '' : html`aria-invalid="true" aria-describedby="email-error"`}
      />
      ${rejectedEmail === undefined ? '' : html`<p id="email-error" class="error" role="alert">${text.emailError}</p>`}
    </fieldset>
    ${
      optional.length > 0
        ? html`<fieldset class="card">
            <legend>${text.access}</legend>
            ${optional.map(
              (scope) =>
                html`<label class="choice">
                  <input type="checkbox" name="scope" value="${scope}" checked />
                  <span>${describeScope(scope, locale)}</span>
                </label>`,
            )}
          </fieldset>`
        : ''
    }
    ${
      signIn.length > 0
        ? html`<section class="card">
            <h2>${text.signIn}</h2>
            <ul class="quiet">
              ${signIn.map((scope) => html`<li>${describeScope(scope, locale)}</li>`)}
            </ul>
          </section>`
        : ''
    }
    <p class="row">
      <button name="decision" value="deny" formnovalidate>${text.deny}</button>
      <button name="decision" value="allow" class="main">${text.allow}</button>
    </p>
  </form>`;
}

export function refusalMain({ locale, refusal }: { locale: Locale; refusal: AuthorizationRefusal }): Markup {
  return html`<div class="column narrow">
    <h1>${consentTexts[locale].blocked}</h1>
    <p class="card"><span class="error">400: ${refusal.error}</span><span>${refusal.description}</span></p>
  </div>`;
}
