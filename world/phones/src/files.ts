import type { MediaInput } from './api.ts';

/** A chosen file as the control interface takes it. */
export async function toMedia(file: File): Promise<MediaInput> {
  const dataUrl = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () =>
      typeof reader.result === 'string' ? resolve(reader.result) : reject(new TypeError('Not a data: address.')),
    );
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
  return {
    mimetype: file.type || 'application/octet-stream',
    data: dataUrl.slice(dataUrl.indexOf(',') + 1),
    filename: file.name,
  };
}
