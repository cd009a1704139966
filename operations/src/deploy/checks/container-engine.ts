import { existsSync } from 'node:fs';
import type { Ended } from '../run-process.ts';
import type { Finding } from './check.ts';

/** With it an x86 machine runs programs of ARM, which the host's image is built with. */
const armEmulation = '/proc/sys/fs/binfmt_misc/qemu-aarch64';

export interface ContainerEngineOptions {
  env: NodeJS.ProcessEnv;
  run: (command: string, args: readonly string[]) => Promise<Ended>;
  /** Of the machine that builds. */
  machine?: { platform: string; arch: string; hasArmEmulation: boolean };
}

/** Whether there is something that can build the session host's image: docker, or what CDK_DOCKER names. */
export async function lookAtContainerEngine({
  env,
  run,
  machine = thisMachine(),
}: ContainerEngineOptions): Promise<Finding> {
  const engine = env.CDK_DOCKER || 'docker';
  const { code, output, isMissing } = await run(engine, ['info']);
  if (isMissing)
    return {
      problem: `${engine} was not found; it builds the session host's image`,
      remedy: 'Install Docker. Or install Finch or Podman and name it: export CDK_DOCKER=finch (or podman).',
    };
  if (code !== 0)
    return {
      problem: `${engine} is installed, but its engine does not answer${lastLine(output)}`,
      remedy: startedBy[engine] ?? 'Start it. Its command "info" shows whether you may use it.',
    };
  const isForeign = machine.platform === 'linux' && machine.arch !== 'arm64' && !machine.hasArmEmulation;
  return {
    seen: `${engine} answers`,
    ...(isForeign && {
      hint: 'The image is for ARM. If building it fails here: docker run --privileged --rm tonistiigi/binfmt --install arm64',
    }),
  };
}

const startedBy: Record<string, string> = {
  docker: 'Start Docker. The command docker info shows whether you may use it.',
  finch: 'Start its machine: finch vm start.',
  podman: 'Start its machine, if it uses one: podman machine start.',
};

function thisMachine() {
  return { platform: process.platform, arch: process.arch, hasArmEmulation: existsSync(armEmulation) };
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1);
  return line ? ` (${line.slice(0, 200)})` : '';
}
