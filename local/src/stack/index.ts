export { bootStack, type BootOptions, type Stack } from './boot-stack.ts';
export { forgetAttempts } from './forget-attempts.ts';
export { readBuilds } from './operator-facts.ts';
export { StackError } from './stack-error.ts';
