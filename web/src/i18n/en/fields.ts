import type { Messages } from '../messages.ts';

export const fields: Messages['fields'] = {
  email: "Write a complete e-mail address, like you{'@'}example.com.",
  password: 'The password needs at least 10 characters.',
  passwordMissing: 'Write your password.',
  name: 'Write your name, up to 100 characters.',
  code: 'The code has six digits.',
  key: 'The key starts with sk- and has at least 20 characters.',
  timeZone: 'Choose a time zone from the list.',
  workingHours: 'Each span must end after it begins, in order and without overlapping.',
  appointmentMinutes: 'Use 5 to 480 minutes.',
  about: 'Use up to 4,000 characters.',
  other: 'Check this field.',
};
