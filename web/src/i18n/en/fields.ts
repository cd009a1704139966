import type { Messages } from '../messages.ts';

export const fields: Messages['fields'] = {
  email: "Enter a complete e-mail address, like you{'@'}example.com.",
  password: 'The password needs at least 10 characters.',
  passwordMissing: 'Enter your password.',
  passwordCommon: 'That password is among the first that anybody would try. Join several unrelated words.',
  passwordOwnWords: 'The password can’t be made of your name, your e-mail or the name of this service.',
  passwordNoDigit: 'The password needs at least one digit.',
  passwordOuterSpaces: 'The password can’t begin or end with a space.',
  name: 'Enter your name, up to 100 characters.',
  code: 'The code has six digits.',
  key: 'The key starts with sk- and has at least 20 characters.',
  timeZone: 'Choose a time zone from the list.',
  workingHours: 'Each period must end after it begins. The periods must be in order and must not overlap.',
  appointmentMinutes: 'Use 5 to 480 minutes.',
  about: 'Use up to 4,000 characters.',
  other: 'Check this field.',
};
