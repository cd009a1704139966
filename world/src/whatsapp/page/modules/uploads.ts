import { Model } from '../model.ts';
import type { Modules } from '../registry.ts';
import { base64 } from '../session.ts';
import type { WireMedia } from '../../wire.ts';
import type { ModuleContext } from './module-context.ts';

/** A blob as the page passes it around. */
class OpaqueData {
  readonly #blob: Blob;
  #url: string | undefined;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  static createFromData(data: Blob, type: string): Promise<OpaqueData> {
    if (data instanceof File) return Promise.resolve(new OpaqueData(new File([data], data.name, { type })));
    return Promise.resolve(new OpaqueData(new Blob([data], { type })));
  }

  get size(): number {
    return this.#blob.size;
  }
  get type(): string {
    return this.#blob.type;
  }
  get name(): string | undefined {
    // The library makes the File's name of whatever it was given, which may be nothing.
    const name = this.#blob instanceof File ? this.#blob.name : undefined;
    return name === 'undefined' || name === 'null' ? undefined : name;
  }
  forceToBlob(): Blob {
    return this.#blob;
  }
  formData(): Blob {
    return this.#blob;
  }
  url(): string {
    this.#url ??= URL.createObjectURL(this.#blob);
    return this.#url;
  }
  autorelease(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = undefined;
  }
}

interface MediaParams {
  asDocument?: boolean | undefined;
  asSticker?: boolean | undefined;
  asGif?: boolean | undefined;
  isPtt?: boolean | undefined;
}

export class MediaData extends Model {
  static override readonly sessionNames = new Set(['id']);
  /** Whether it has a private, empty id of its own, which a spread carries along. */
  static hasPrivateId = false;
  declare mediaBlob: OpaqueData;
  declare type: string;
  declare filehash: string;
  declare size: number;
}

interface MediaObject {
  filehash: string;
  type: string;
  size: number;
  contentInfo: { waveform?: Uint8Array };
  consolidate(data: object): void;
}

export function uploadModules({ app }: ModuleContext): Modules {
  const objects = new Map<string, MediaObject>();
  const blobs = new Map<string, Blob>();

  async function prepare(data: OpaqueData, params: MediaParams): Promise<MediaData> {
    const blob = data.forceToBlob();
    const filehash = base64(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    const type = typeOf(data.type, params);
    const media = new MediaData({
      ...(MediaData.hasPrivateId ? { id: undefined } : {}),
      type,
      mimetype: data.type,
      filehash,
      size: data.size,
      isGif: params.asGif === true,
    });
    if (type === 'document') media.assign({ filename: data.name ?? 'file' });
    Object.defineProperty(media, 'mediaBlob', { value: data, writable: true });
    return media;
  }

  function getOrCreateMediaObject(filehash: string): MediaObject {
    const known = objects.get(filehash);
    if (known !== undefined) return known;
    const object: MediaObject = {
      filehash,
      type: '',
      size: 0,
      contentInfo: {},
      consolidate(data) {
        Object.assign(object, data);
      },
    };
    objects.set(filehash, object);
    return object;
  }

  async function uploadMedia({
    mimetype,
    mediaObject,
  }: {
    mimetype: string;
    mediaObject: MediaObject & { mediaBlob?: OpaqueData };
  }) {
    const blob = blobs.get(mediaObject.filehash);
    if (blob === undefined) throw new Error('upload failed: the blob is gone');
    const headers: Record<string, string> = {
      'content-type': mimetype,
      'x-device': app.device.id,
      authorization: `Bearer ${app.device.token ?? ''}`,
    };
    if (blob instanceof File) headers['x-filename'] = encodeURIComponent(blob.name);
    const response = await fetch('/mms/upload', { method: 'POST', headers, body: blob });
    blobs.delete(mediaObject.filehash);
    objects.delete(mediaObject.filehash);
    if (!response.ok) return { mediaEntry: null };
    const uploaded: WireMedia = await response.json();
    const mmsUrl = `https://mmg.whatsapp.net${uploaded.directPath}`;
    return {
      mediaEntry: {
        mmsUrl,
        deprecatedMms3Url: mmsUrl,
        directPath: uploaded.directPath,
        mediaKey: uploaded.mediaKey,
        mediaKeyTimestamp: Math.floor(Date.now() / 1000),
        encFilehash: uploaded.encFilehash,
        uploadHash: uploaded.encFilehash,
        sidecar: undefined,
        firstFrameSidecar: undefined,
      },
    };
  }

  return {
    WAWebMediaOpaqueData: OpaqueData,
    WAWebPrepRawMedia: {
      prepRawMedia: (data: OpaqueData, params: MediaParams) => ({
        async waitForPrep(): Promise<MediaData> {
          const media = await prepare(data, params);
          blobs.set(media.filehash, data.forceToBlob());
          return media;
        },
      }),
    },
    WAWebMediaStorage: { getOrCreateMediaObject },
    WAWebMmsMediaTypes: {
      msgToMediaType: ({ type }: { type: string }) => type,
      castToV4: (type: string) => type,
    },
    WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
    WAWebMediaInMemoryBlobCache: { InMemoryMediaBlobCache: { put: () => {} } },
    WAWebMediaMmsV4Upload: { uploadMedia },
    WAWebUploadManager: {
      encryptAndUpload: async ({ blob, type }: { blob: Blob; type: string }) => {
        const media = await prepare(await OpaqueData.createFromData(blob, blob.type), {
          asSticker: type === 'sticker',
        });
        blobs.set(media.filehash, blob);
        const { mediaEntry } = await uploadMedia({
          mimetype: blob.type,
          mediaObject: getOrCreateMediaObject(media.filehash),
        });
        if (mediaEntry === null) throw new Error('upload failed');
        return { ...mediaEntry, url: mediaEntry.mmsUrl, mimetype: blob.type };
      },
    },
    WAWebStartMediaUploadQpl: { startMediaUploadQpl: () => ({}) },
    WAWebImageUtils: { toWebpSticker },
  };
}

const stickerSide = 512;

/** Fits a picture into WhatsApp's square for stickers. */
async function toWebpSticker(picture: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const scale = stickerSide / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const canvas = new OffscreenCanvas(stickerSide, stickerSide);
  canvas.getContext('2d')?.drawImage(bitmap, (stickerSide - width) / 2, (stickerSide - height) / 2, width, height);
  return canvas.convertToBlob({ type: 'image/webp' });
}

function typeOf(mimetype: string, { asDocument, asSticker, isPtt }: MediaParams): string {
  const [family = ''] = mimetype.split('/');
  if (asDocument === true) return 'document';
  if (asSticker === true) return 'sticker';
  if (family === 'audio') return isPtt === true ? 'ptt' : 'audio';
  return ['image', 'video'].includes(family) ? family : 'document';
}
