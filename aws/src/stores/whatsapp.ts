import type { CommandId, LinkState, WhatsAppStatus } from '@top-active/core/contracts';

export interface WhatsAppRecord extends WhatsAppStatus {
  /** Whether the owner wants a session to run. A host starts those that want one and stops the others. */
  desired: 'on' | 'off';
  /** Number of the attempt to link, 0 before the first. A host that works for an older attempt is ignored. */
  generation: number;
}

/** What a host reports. Fields that the new state doesn't have (a `qr` while `linked`) are dropped by themselves. */
export interface WhatsAppPatch {
  state: LinkState;
  qr?: WhatsAppStatus['qr'];
  progress?: number | undefined;
  account?: WhatsAppStatus['account'];
  failure?: WhatsAppStatus['failure'];
}

export interface WhatsAppStore {
  /** `unlinked` when nothing was ever linked. */
  get(): Promise<WhatsAppRecord>;
  /**
   * Begins a new attempt: state `starting`, desired `on`, and the command `link.start`, in one write, then the wake.
   * @throws {AppError} `whatsapp_already_connecting` or `whatsapp_already_linked`
   */
  beginConnect(): Promise<{ status: WhatsAppRecord; commandId: CommandId }>;
  /** Desired `off` and the command `link.stop`, in one write, then the wake. Nothing to stop: no command. */
  requestStop(): Promise<{ status: WhatsAppRecord; commandId?: CommandId | undefined }>;
  /** False when the attempt is no longer the current one: the host should stop its browser. */
  update(generation: number, patch: WhatsAppPatch): Promise<boolean>;
  /** No event, since it happens every few seconds: the owner sees it with the next reading. */
  noteCheckpoint(generation: number, at: string): Promise<boolean>;
}
