import jsQR from 'jsqr';

/** Tried in turn: a code that fills a large screenshot is found in a smaller one, a small code in a larger one. */
const scales = [1, 0.5, 2];
const mostPixels = 16_000_000;

/** The text of the first QR code in a picture, or undefined, as for what is no picture. */
export async function readQrFromFile(file: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  try {
    for (const scale of scales) {
      const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
      const text = width * height <= mostPixels ? decode(bitmap, width, height) : undefined;
      if (text) return text;
    }
    return undefined;
  } finally {
    bitmap.close();
  }
}

/**
 * Lets the person share a tab or window and watches it until a QR code shows.
 * @param options.signal ends the search.
 */
export async function readQrFromScreen({ signal }: { signal: AbortSignal }): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  const video = document.createElement('video');
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted && stream.active) {
      const text = decode(video, video.videoWidth, video.videoHeight);
      if (text) return text;
      await nextFrame(signal);
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

function decode(source: CanvasImageSource, width: number, height: number): string | undefined {
  if (!width || !height) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return jsQR(data, width, height)?.data || undefined;
}

function nextFrame(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 300);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
