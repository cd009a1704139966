import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';

export interface Stage {
  /** Of `AS`, if it has one. */
  name: string | undefined;
  /** As written, with variables. */
  base: string;
  steps: Step[];
}

export interface Step {
  /** In capitals. */
  keyword: string;
  /** Everything after it, on one line, without comments. */
  text: string;
  /** Counted from 1. */
  line: number;
}

/** A Dockerfile's stages in order, and the arguments that stand before the first of them. */
export function readDockerfile(path: string): { initial: Step[]; stages: Stage[] } {
  const initial: Step[] = [];
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions()) {
    const keyword = instruction.getKeyword();
    // Its own methods leave flags out, or take quoted words apart.
    const text = instruction
      .getTextContent()
      .slice(instruction.getInstruction().length)
      .replaceAll(/\\\n(?:\s*#.*\n)*\s*/g, ' ')
      .trim();
    const step = { keyword, text, line: instruction.getRange().start.line + 1 };
    if (keyword === 'FROM') {
      const [, base = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(text) ?? [];
      stages.push({ name, base, steps: [] });
    } else (stages.at(-1)?.steps ?? initial).push(step);
  }
  return { initial, stages };
}
