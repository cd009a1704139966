export type RefusalCode = 'invalid' | 'not-found' | 'conflict' | 'expired' | 'too-large' | 'too-many';

const statusOf: Record<RefusalCode, number> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  expired: 410,
  'too-large': 413,
  'too-many': 429,
};

/** Something the simulated WhatsApp refuses, with a reason that a person can read. */
export class WhatsAppRefusal extends Error {
  override readonly name = 'WhatsAppRefusal';
  readonly code: RefusalCode;
  /** HTTP status with which the control interface answers. */
  readonly status: number;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    this.status = statusOf[code];
  }
}
