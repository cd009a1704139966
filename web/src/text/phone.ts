/**
 * `5511987654321` → `+55 11 98765-4321`; other countries get a plus only, since each groups its digits in its own way.
 */
export function formatPhone(digits: string): string {
  const brazilian = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  return brazilian ? `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}` : `+${digits}`;
}
