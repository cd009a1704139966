import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDockerfile } from './read-dockerfile.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = join(repository, 'session-host/Dockerfile');
const text = readFileSync(dockerfile, 'utf8');
const { initial, stages } = readDockerfile(dockerfile);

const instructions = [
  ...initial,
  ...stages.flatMap(({ base, steps }) => [{ keyword: 'FROM', text: base }, ...steps]),
].map(({ keyword, text: rest }) => ({ name: keyword, args: rest.split(/\s+/), line: `${keyword} ${rest}` }));
const all = (wanted: string) => instructions.filter(({ name }) => name === wanted);

describe('image of the session host', () => {
  it('begins with a base of a full version, the same for each stage', () => {
    expect(all('ARG')[0]?.line).toMatch(/^ARG NODE_IMAGE=[\w./-]+:\d+\.\d+\.\d+-[a-z-]+(?:@sha256:[0-9a-f]{64})?$/);
    expect(all('FROM').map(({ args }) => args[0])).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}']);
  });

  it('fetches by apt and npm alone, nothing without a version', () => {
    const commands = all('RUN').map(({ line }) => line);
    expect(all('ADD')).toEqual([]);
    expect(
      commands.filter((line) => /\b(?:curl|wget|git clone|npx|npm (?:install|i|update)|apt-get upgrade)\b/.test(line)),
    ).toEqual([]);
    const installs = commands.filter((line) => line.includes('apt-get install'));
    expect(installs).toHaveLength(1);
    const packages = /apt-get install (.*?) &&/
      .exec(installs[0] ?? '')?.[1]
      ?.split(/\s+/)
      .filter((word) => word !== '' && !word.startsWith('-'));
    expect(packages).toHaveLength(3);
    for (const each of packages ?? []) expect(each).toMatch(/^[a-z0-9.-]+=[^*\s]+$/);
    expect(text).toMatch(/^ARG DEBIAN_SNAPSHOT=\d{8}T\d{6}Z$/m);
    const npm = commands.filter((line) => /\bnpm\b/.test(line));
    expect(npm).toHaveLength(1);
    expect(npm[0]).toMatch(/^RUN npm ci --omit=dev --omit=optional /);
  });

  it('runs as an unprivileged user, without a shell between it and its signals', () => {
    const user = all('USER').at(-1)?.args[0] ?? '';
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(instructions.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      instructions.findLastIndex(({ name }) => name === 'RUN'),
    );
    const [command] = all('CMD');
    const parsed: unknown = JSON.parse(command?.args.join(' ') ?? '');
    expect(parsed).toEqual(['node', 'session-host/src/main.ts']);
  });

  it('copies what exists and what the build is given', () => {
    const ignored = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n');
    expect(ignored[0]).toBe('**');
    const sources = all('COPY')
      .filter(({ args }) => !args[0]?.startsWith('--from='))
      .flatMap(({ args }) => args.slice(0, -1));
    for (const source of sources) {
      expect(existsSync(join(repository, source)), source).toBe(true);
      expect(ignored).toContain(`!${source.split('/')[0]}`);
    }
  });

  it("takes everything that npm installed, also into a workspace's own folder, and puts the sources on it", () => {
    const lines = all('COPY').map(({ line }) => line);
    const modules = lines.indexOf('COPY --from=dependencies /app ./');
    expect(modules).toBeGreaterThan(-1);
    expect(lines.indexOf('COPY session-host session-host')).toBeGreaterThan(modules);
  });

  it('gives nobody else than a browser user a set-user-ID executable', () => {
    const making = all('RUN').find(({ line }) => line.includes('-m 6711'))?.line ?? '';
    expect(making.indexOf('chmod a-s')).toBeLessThan(making.indexOf('-m 6711'));
    expect(making).toContain("find / -xdev -type f -perm /6000 -exec chmod a-s '{}' +");
    expect(making).toMatch(/-o "\$uid" -g "\$uid" -m 6711 \/usr\/bin\/setpriv/);
    expect(making).not.toMatch(/-o (?:0|root)\b/);
  });
});
