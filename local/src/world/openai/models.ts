/** Names under which the simulated model may be asked for. */
export const modelNames = [
  'gpt-6-astra',
  'gpt-5.5',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-5.4-nano',
  'gpt-5.1',
  'gpt-5.1-mini',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4.1-nano',
  'gpt-4o',
  'gpt-4o-mini',
  'o4-mini',
  'o3',
] as const;

const names = new Set<string>(modelNames);

/** Dated versions are known by their family: `gpt-5-mini-2025-08-07`. */
export function isKnownModel(name: string): boolean {
  return names.has(name.replace(/-\d{4}-\d{2}-\d{2}$/, ''));
}

/** Whether the model reasons, and so takes `reasoning` and `reasoning.encrypted_content`. */
export function isReasoningModel(name: string): boolean {
  return /^(gpt-[5-9]|o\d)/.test(name);
}

export function modelResource(id: string): object {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'simulated' };
}
