export interface ConnectionRecord {
  connectionId: string;
  /** `origin_jti` of the login that opened it, so that a logout can cut it off. */
  sessionId: string;
  connectedAt: string;
}

export interface ConnectionStore {
  add(connection: Pick<ConnectionRecord, 'connectionId' | 'sessionId'>): Promise<void>;
  remove(connectionId: string): Promise<void>;
  list(): Promise<ConnectionRecord[]>;
}
