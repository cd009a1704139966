import { create } from 'qrcode';

/** The QR code as one SVG path with the quiet zone of four modules that scanners need. */
export function qrShape(text: string): { size: number; path: string } {
  const quiet = 4;
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const rows: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) rows.push(`M${column + quiet} ${row + quiet}h1v1h-1z`);
    }
  }
  return { size: modules.size + 2 * quiet, path: rows.join('') };
}
