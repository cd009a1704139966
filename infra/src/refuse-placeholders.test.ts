import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readEnvironment, type Environment } from './config.ts';
import { refusePlaceholders } from './refuse-placeholders.ts';

function errorsOf(environment: Environment): (string | undefined)[] {
  const app = new App();
  const stacks = ['first', 'second'].map((name) => new Stack(app, name));
  refusePlaceholders(app, environment);
  return stacks.map(
    ({ node }) => node.metadata.find(({ type }) => type === 'aws:cdk:error')?.data as string | undefined,
  );
}

describe('refusePlaceholders', () => {
  it('refuses to deploy any of the stacks', () => {
    const request = /"prod": replace set-me by your own value for googleClientId, alarmEmail/;
    expect(errorsOf(readEnvironment('prod'))).toEqual([expect.stringMatching(request), expect.stringMatching(request)]);
  });

  it('leaves an environment alone that has all its settings', () => {
    const own = { googleClientId: '1.apps.googleusercontent.com', alarmEmail: 'ops@example.com' };
    expect(errorsOf({ ...readEnvironment('prod'), ...own })).toEqual([undefined, undefined]);
  });
});
