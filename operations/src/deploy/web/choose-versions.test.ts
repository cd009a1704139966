import { describe, expect, it } from 'vitest';
import { chooseVersions, type FileVersion } from './choose-versions.ts';

/** Versions of a bucket from uploads, each a list of `key=content`, one second apart. */
function bucketAfter(...uploads: string[][]): FileVersion[] {
  const all = uploads.flatMap((files, second) =>
    files.map((file) => {
      const [key = '', tag = ''] = file.split('=');
      return { key, tag, id: `${key}@${second}`, writtenAt: new Date(second * 1000), isLatest: false };
    }),
  );
  for (const version of all) version.isLatest = all.findLast(({ key }) => key === version.key) === version;
  return all;
}

const idsOf = (versions: FileVersion[] | undefined) => versions?.map(({ id }) => id);

describe('the way back', () => {
  it('leads to the page before, and to what belonged to it, page last', () => {
    const bucket = bucketAfter(
      ['assets/a.js=a', 'theme.js=1', 'index.html=A'],
      ['theme.js=2', 'index.html=B'],
      ['assets/c.js=c', 'theme.js=3', 'icon.svg=i', 'index.html=C'],
    );
    expect(idsOf(chooseVersions(bucket))).toEqual(['theme.js@1', 'index.html@1']);
  });

  it('leaves alone what is the same', () => {
    const bucket = bucketAfter(['theme.js=1', 'index.html=A'], ['index.html=B']);
    expect(idsOf(chooseVersions(bucket))).toEqual(['index.html@0']);
  });

  it('is taken back by going once more', () => {
    const bucket = bucketAfter(
      ['theme.js=1', 'index.html=A'],
      ['theme.js=2', 'index.html=B'],
      ['theme.js=1', 'index.html=A'],
    );
    expect(idsOf(chooseVersions(bucket))).toEqual(['theme.js@1', 'index.html@1']);
  });

  it('ends where there was no other page', () => {
    expect(chooseVersions(bucketAfter(['index.html=A']))).toBeUndefined();
    expect(chooseVersions(bucketAfter(['index.html=A'], ['index.html=A']))).toBeUndefined();
    expect(chooseVersions([])).toBeUndefined();
  });
});
