import {
  MAX_REPORT_PICTURE,
  type ReportPicture,
  type SnapshotRequest,
  STAGE_SNAPSHOT_EVENT,
} from '@livelet/core/page';

/** Pixels of the longer side, and of a quality that letters stay readable in. */
const LONGEST_SIDE = 1920;
const QUALITIES = [0.85, 0.6, 0.35] as const;
/** Bytes of a file that is worth decoding, and how long a shared screen may take to show itself, ms. */
const MAX_FILE = 32 * 1024 * 1024;
const FRAME_LIMIT = 5_000;

/** What the session shows; undefined while it shows nothing. The host's page passes the question on to its stage. */
export async function stagePicture(from: HTMLElement): Promise<ReportPicture | undefined> {
  let picture: Promise<Blob> | undefined;
  const detail: SnapshotRequest = {
    cursor: false,
    answer: (answered) => {
      picture = answered;
    },
  };
  from.dispatchEvent(new CustomEvent(STAGE_SNAPSHOT_EVENT, { detail, bubbles: true, composed: true }));
  return picture === undefined ? undefined : await shrink(await picture);
}

/** Whether the browser may ask the person for a screen here. */
export function canTakeScreen(): boolean {
  const { featurePolicy } = document as Document & {
    readonly featurePolicy?: { allowsFeature(name: string): boolean };
  };
  return (
    navigator.mediaDevices?.getDisplayMedia !== undefined &&
    featurePolicy?.allowsFeature('display-capture') === true
  );
}

/** One picture of what the person chooses in the browser's own question, which then shows no more. */
export async function screenPicture(): Promise<ReportPicture> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  try {
    const video = document.createElement('video');
    video.srcObject = stream;
    video.muted = true;
    const shown = new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve, { once: true });
      setTimeout(() => reject(new DOMException('no picture', 'TimeoutError')), FRAME_LIMIT);
    });
    await Promise.all([video.play(), shown]);
    return await draw(video, video.videoWidth, video.videoHeight);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** A picture drawn anew: what cameras and programs write beside the pixels isn't in it. */
export async function shrink(file: Blob): Promise<ReportPicture> {
  if (file.size > MAX_FILE) throw new RangeError('too large');
  const image = await createImageBitmap(file);
  try {
    return await draw(image, image.width, image.height);
  } finally {
    image.close();
  }
}

async function draw(image: CanvasImageSource, width: number, height: number): Promise<ReportPicture> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  // What is transparent would be black in a JPEG.
  if (context) {
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob !== null && blob.size <= MAX_REPORT_PICTURE) {
      return { id: 'picture', type: 'image/jpeg', picture: await base64(blob) };
    }
  }
  throw new RangeError('too large');
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
