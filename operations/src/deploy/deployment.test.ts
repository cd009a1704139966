import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { readEnvironment } from '@top-active/infra/config';
import { synthesize } from '@top-active/infra/test-support/synthesize';
import { readDeployment } from './deployment.ts';
import { leftToDo } from './left-to-do.ts';
import { startServer } from './test-support/start-server.ts';

/** CloudFormation with the outputs that the templates have. */
function startCloudFormation(stage: 'dev' | 'prod') {
  const { templates } = synthesize(stage);
  return startServer(({ body }) => {
    const name = new URLSearchParams(body).get('StackName') ?? '';
    const template = templates.get(name.replace(`top-active-${stage}-`, '')) as { Outputs?: object } | undefined;
    if (!template)
      return {
        status: 400,
        body: `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      };
    const outputs = Object.keys(template.Outputs ?? {}).map(
      (key) => `<member><OutputKey>${key}</OutputKey><OutputValue>the ${key}</OutputValue></member>`,
    );
    return {
      body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs>${outputs.join('')}</Outputs></member></Stacks>
        </DescribeStacksResult></DescribeStacksResponse>`,
    };
  });
}

it('finds address, bucket and secret in what the stacks put out', async () => {
  await using aws = await startCloudFormation('dev');
  expect(await readDeployment(new CloudFormationClient(aws.client), 'dev')).toEqual({
    address: 'the Address',
    webBucket: 'the WebBucket',
    googleSecret: 'the GoogleClientSecretArn',
  });
});

it('says how to deploy what is not there', async () => {
  await using aws = await startCloudFormation('dev');
  await expect(readDeployment(new CloudFormationClient(aws.client), 'prod')).rejects.toThrow(
    /top-active-prod-web has no output Address.\n +Deploy it: npm run deploy -- --stage prod/,
  );
});

it('names what is left to do, with the address and the secret it is about', () => {
  const deployment = { address: 'https://app.example.com', webBucket: 'b', googleSecret: 'arn:secret' };
  const steps = leftToDo(readEnvironment('prod'), deployment).join('\n');
  for (const part of ['https://app.example.com/api/google/callback', '--secret-id arn:secret', 'set-me@example.com'])
    expect(steps).toContain(part);
});
