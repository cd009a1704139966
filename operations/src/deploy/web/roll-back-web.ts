import { CopyObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { DeploymentError } from '../deployment-error.ts';
import { chooseVersions, type FileVersion } from './choose-versions.ts';

/**
 * Puts the page that was there before back in its place, and with it whatever has no name of its own for each version.
 * Its assets are still there.
 * @returns when that page had been uploaded
 * @throws DeploymentError when there is none
 */
export async function rollBackWeb({ s3, bucket }: { s3: S3Client; bucket: string }): Promise<Date> {
  const chosen = chooseVersions(await listVersions(s3, bucket));
  const page = chosen?.at(-1);
  if (!chosen || !page)
    throw new DeploymentError(
      'There is no earlier version of the web app to go back to.',
      'Versions are kept for 30 days after they were replaced. Deploy an earlier commit: npm run deploy -- web.',
    );
  for (const { key, id } of chosen) {
    const source = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}?versionId=${encodeURIComponent(id)}`;
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: source }));
  }
  return page.writtenAt;
}

async function listVersions(s3: S3Client, Bucket: string): Promise<FileVersion[]> {
  const all: FileVersion[] = [];
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker) {
    const page: Awaited<ReturnType<typeof list>> = await list(marker);
    for (const { Key, VersionId, ETag, LastModified, IsLatest = false } of page.Versions ?? [])
      if (Key && VersionId && ETag && LastModified)
        all.push({ key: Key, id: VersionId, tag: ETag, writtenAt: LastModified, isLatest: IsLatest });
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  return all;

  function list(from: NonNullable<typeof marker>) {
    return s3.send(new ListObjectVersionsCommand({ Bucket, ...from }));
  }
}
