import { isAsset } from './web-files.ts';

/** A version of an object in the bucket. */
export interface FileVersion {
  key: string;
  id: string;
  /** S3's tag of its content. */
  tag: string;
  writtenAt: Date;
  isLatest: boolean;
}

/**
 * The files of the web app that was there before this one, the page last; those that are the same are left out. The
 * page is written last in an upload: what is older than a page belongs to it.
 * @returns undefined when there was no other page, or none is left
 */
export function chooseVersions(versions: readonly FileVersion[]): FileVersion[] | undefined {
  const newestFirst = versions.toSorted((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime());
  const latestTags = new Map(versions.filter(({ isLatest }) => isLatest).map(({ key, tag }) => [key, tag]));
  const isOther = ({ key, tag }: FileVersion) => tag !== latestTags.get(key);
  const page = newestFirst.find((version) => version.key === 'index.html' && !version.isLatest && isOther(version));
  if (!page) return undefined;
  const others = new Set(versions.map(({ key }) => key).filter((key) => !isAsset(key) && key !== 'index.html'));
  const before = [...others].flatMap(
    (key) => newestFirst.find((version) => version.key === key && version.writtenAt <= page.writtenAt) ?? [],
  );
  return [...before.filter(isOther), page];
}
