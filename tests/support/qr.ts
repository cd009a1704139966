import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** Decodes the QR code in a screenshot, as a phone's camera would. */
export function readQr(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  return jsQR.default(new Uint8ClampedArray(data), width, height)?.data;
}
