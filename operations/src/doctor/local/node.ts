import { fail, ok, type Check, type Finding } from '../finding.ts';

export function nodeCheck(): Check {
  return { title: 'Node', look: () => Promise.resolve(judgeNode(process.versions.node, process.arch)) };
}

export function judgeNode(version: string, arch: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major >= 24) return ok(`${version} on ${arch}`);
  return fail(
    `${version} on ${arch}`,
    'Run npm start once: on linux-x64 it brings Node 24 along. Elsewhere install Node 24.',
  );
}
