import { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { startServer } from '../test-support/start-server.ts';
import { rollBackWeb } from './roll-back-web.ts';

const version = (key: string, id: string, second: number, isLatest: boolean) =>
  `<Version><Key>${key}</Key><VersionId>${id}</VersionId><ETag>"${id}"</ETag><IsLatest>${isLatest}</IsLatest>
   <LastModified>2026-11-25T00:00:0${second}.000Z</LastModified></Version>`;

/** A bucket with versions, in S3's words: a list in two pages, and copies. */
function startBucket(first: string, second: string) {
  return startServer(({ method, url }) => {
    if (method === 'PUT') return { body: '<CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>' };
    const isSecond = url.includes('key-marker=');
    return {
      body: isSecond
        ? `<ListVersionsResult><IsTruncated>false</IsTruncated>${second}</ListVersionsResult>`
        : `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>index.html</NextKeyMarker>
           <NextVersionIdMarker>b</NextVersionIdMarker>${first}</ListVersionsResult>`,
    };
  });
}

it('copies the versions of before over those of now, the page last', async () => {
  await using aws = await startBucket(
    version('index.html', 'b', 5, true),
    version('index.html', 'a', 3, false) + version('my icon.svg', 'j', 4, true) + version('my icon.svg', 'i', 2, false),
  );
  const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  expect(await rollBackWeb({ s3, bucket: 'web' })).toEqual(new Date('2026-11-25T00:00:03Z'));
  const copies = aws.asked.filter(({ method }) => method === 'PUT');
  expect(copies.map(({ url, headers }) => [url.split('?')[0], headers['x-amz-copy-source']])).toEqual([
    ['/web/my%20icon.svg', 'web/my%20icon.svg?versionId=i'],
    ['/web/index.html', 'web/index.html?versionId=a'],
  ]);
  // Content type and cache rule come along with a version.
  for (const { headers } of copies) expect(headers['x-amz-metadata-directive']).toBeUndefined();
});

it('changes nothing where there is no earlier page', async () => {
  await using aws = await startBucket(version('index.html', 'b', 5, true), '');
  const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  await expect(rollBackWeb({ s3, bucket: 'web' })).rejects.toThrow(/no earlier version/);
  expect(aws.asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
});
