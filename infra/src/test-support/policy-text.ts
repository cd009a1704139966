/** A value of a template as one line of text: what is only known in AWS stands in angle brackets. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, inner] = ['', '']] = Object.entries(value) as [string, unknown][];
  if (name === 'Fn::Join') {
    const [separator, parts] = inner as [string, unknown[]];
    return parts.map(textOf).join(separator);
  }
  return `<${[inner].flat().map(textOf).join('.')}>`;
}
