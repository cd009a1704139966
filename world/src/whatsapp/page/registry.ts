export type Modules = Record<string, unknown>;

declare global {
  interface Window {
    Debug?: { VERSION: string };
  }
}

type Loading = { state: 'registered' } | { state: 'later' } | { state: 'on demand'; component: string };

interface Definition {
  loading: Loading;
  factory: () => unknown;
  /** What its factory made, once it has run. */
  made?: { exports: unknown };
}

/** The page's modules by name, as Meta's loader keeps them. */
export interface Registry {
  /** From now on it is unknown. */
  lose(name: string): void;
  /** Registers what isn't among `first` one after another, evenly over so long. Milliseconds. */
  registerOver(ms: number, first: readonly string[]): void;
  /** Comes with a bundle of its own, once somebody asks for the component. */
  onDemand(name: string, component: string): void;
  /** From now on it says what isn't there, unless the asker has silenced it. */
  complain(): void;
  names(): string[];
  /** @throws Error when no module of this name is registered */
  require: (name: string) => unknown;
  define(name: string, factory: () => unknown): void;
  /** Of the registered ones. */
  map(): Record<string, { id: string; factory: () => unknown }>;
  /** Calls back once the components' modules are registered; never where a component is unknown. */
  loadModules: (components: string[], loaded: () => void) => void;
  skipGuardGlobal: (isOn: boolean) => void;
}

/** How long a bundle takes to come. Milliseconds. */
const bundleMs = 50;

interface Listeners {
  /** Hears of names that this page has nowhere. */
  onMissing: (name: string) => void;
  /** Hears of everything that was asked for in vain, once the page complains. */
  onComplaint: (error: Error) => void;
}

/** A module is what its factory makes, when it is asked for the first time. */
export function createRegistry(modules: Modules, { onMissing, onComplaint }: Listeners): Registry {
  const definitions = new Map<string, Definition>(
    Object.keys(modules).map((name) => [name, { loading: { state: 'registered' }, factory: () => modules[name] }]),
  );
  let complains = false;
  let isSilenced = false;

  function register(name: string): void {
    const definition = definitions.get(name);
    if (definition !== undefined) definition.loading = { state: 'registered' };
  }

  function requireModule(name: string): unknown {
    const definition = definitions.get(name);
    if (definition?.loading.state === 'registered') {
      definition.made ??= { exports: definition.factory() };
      return definition.made.exports;
    }
    if (definition === undefined) onMissing(name);
    const error = new Error(`Requiring unknown module "${name}"`);
    if (complains && !isSilenced) onComplaint(error);
    throw error;
  }

  return {
    lose: (name) => void definitions.delete(name),
    registerOver(ms, first) {
      const later = [...definitions].filter(
        ([name, { loading }]) => loading.state === 'registered' && !first.includes(name),
      );
      if (ms === 0) return;
      for (const [at, [name, definition]] of later.entries()) {
        definition.loading = { state: 'later' };
        setTimeout(() => register(name), (ms * (at + 1)) / later.length);
      }
    },
    onDemand(name, component) {
      const definition = definitions.get(name);
      if (definition !== undefined) definition.loading = { state: 'on demand', component };
    },
    complain() {
      complains = true;
    },
    names: () => [...definitions.keys()],
    require: requireModule,
    define: (name, factory) => void definitions.set(name, { loading: { state: 'registered' }, factory }),
    map() {
      const registered = [...definitions].filter(([, { loading }]) => loading.state === 'registered');
      return Object.fromEntries(registered.map(([id, { factory }]) => [id, { id, factory }]));
    },
    loadModules(components, loaded) {
      const wanted = [...definitions].filter(
        ([, { loading }]) => loading.state === 'on demand' && components.includes(loading.component),
      );
      const known = new Set([...definitions.keys(), ...wanted.map(([, { loading }]) => componentOf(loading))]);
      if (components.some((component) => !known.has(component))) return;
      setTimeout(() => {
        for (const [name] of wanted) register(name);
        loaded();
      }, bundleMs);
    },
    skipGuardGlobal(isOn) {
      isSilenced = isOn;
    },
  };
}

function componentOf(loading: Loading): string {
  return loading.state === 'on demand' ? loading.component : '';
}
