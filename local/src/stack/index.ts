export { bootStack, type BootOptions, type Stack } from './boot-stack.ts';
export { StackError } from './stack-error.ts';
