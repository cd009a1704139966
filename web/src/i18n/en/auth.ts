import type { Messages } from '../messages.ts';

export const auth: Messages['auth'] = {
  email: 'E-mail',
  emailPlaceholder: "you{'@'}example.com",
  password: 'Password',
  passwordHint: 'At least 10 characters',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  name: 'Your name',
  namePlaceholder: 'What your customers call you',
  login: {
    title: 'Good to see you again',
    text: 'Sign in to see your conversations and your calendar.',
    submit: 'Sign in',
    noAccount: 'No account yet?',
    toRegister: 'Create account',
  },
  register: {
    title: 'Create your account',
    text: 'It takes a minute. Then you connect your WhatsApp and your calendar.',
    submit: 'Create account',
    hasAccount: 'Already have an account?',
    toLogin: 'Sign in',
  },
  confirm: {
    title: 'Check your e-mail',
    text: 'We sent a six-digit code to {email}.',
    code: 'Confirmation code',
    submit: 'Confirm and sign in',
    notArrived: 'Not there? Look in your spam folder.',
    startOver: 'Use another e-mail or ask for another code',
  },
  scene: {
    customer: 'Hi! Any time free tomorrow afternoon?',
    suggestionLabel: 'Suggested reply',
    suggestion: 'I have 2:30 pm. Shall I book it?',
    booked: 'Booked in your calendar',
    bookedWhen: 'Tomorrow, 2:30 pm',
    claim: 'A customer writes. The assistant suggests. You accept with one key.',
    privacy: 'Your conversations are yours alone, encrypted with your own key.',
  },
};
