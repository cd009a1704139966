/** A server could not take its port because another process has it. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;
  readonly remedy: string;

  constructor({ port, what, cause }: { port: number; what: string; cause?: unknown }) {
    super(`Port ${port}, meant for ${what}, is taken by another process.`, { cause });
    this.port = port;
    this.remedy = `Stop the process that listens on port ${port}, or choose another port.`;
  }
}
