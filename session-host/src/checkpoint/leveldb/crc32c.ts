const polynomial = 0x82f63b78;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli) of `bytes`, as a signed 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  // Plain loop: this runs over every byte of a live log, several times a minute.
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc;
}

/** LevelDB stores checksums rotated and offset, since a checksum of data that holds checksums is weak. */
export function unmaskCrc(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return (rotated >>> 17) | (rotated << 15);
}

export function maskCrc(crc: number): number {
  const value = crc >>> 0;
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
