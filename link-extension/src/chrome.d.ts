/** The part of the extension API that is used, as Chrome and Firefox both have it in Manifest V3. */
declare namespace chrome {
  interface Tab {
    id?: number;
    status?: 'unloaded' | 'loading' | 'complete';
    windowId: number;
  }
  interface Sender {
    id?: string;
    tab?: Tab;
    frameId?: number;
    origin?: string;
    url?: string;
  }
  interface Listeners<F> {
    addListener(listener: F): void;
  }
  interface StorageArea {
    /** Whoever reads says what was stored there. */
    get<Value>(key: string): Promise<Record<string, Value>>;
    set(items: Record<string, unknown>): Promise<void>;
  }
  const action: {
    onClicked: Listeners<(tab: Tab) => void>;
    setBadgeText(details: { tabId: number; text: string }): Promise<void>;
    setTitle(details: { tabId: number; title: string }): Promise<void>;
  };
  const i18n: { getMessage(name: string, substitutions?: string[]): string; getUILanguage(): string };
  const permissions: { request(wanted: { origins: string[] }): Promise<boolean> };
  const runtime: {
    id: string;
    sendMessage<Answer>(message: unknown): Promise<Answer>;
    /** True from a listener: the reply comes later. */
    onMessage: Listeners<(message: unknown, sender: Sender, reply: (answer: unknown) => void) => true | undefined>;
  };
  const scripting: {
    executeScript<Args extends unknown[], Result>(injection: {
      target: { tabId: number };
      func: (...args: Args) => Result;
      args?: Args;
    }): Promise<{ result?: Result }[]>;
    executeScript(injection: { target: { tabId: number }; files: string[] }): Promise<unknown>;
  };
  const storage: { session: StorageArea; local: StorageArea };
  const tabs: {
    create(tab: { url: string; active: boolean; openerTabId?: number }): Promise<Tab>;
    get(tabId: number): Promise<Tab>;
    update(tabId: number, change: { active: boolean }): Promise<Tab | undefined>;
    remove(tabId: number): Promise<void>;
    onUpdated: Listeners<(tabId: number, change: { status?: string }) => void>;
    onRemoved: Listeners<(tabId: number) => void>;
  };
}
