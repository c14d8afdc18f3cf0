import { type JsonValue, VIDEO_CODECS } from '@livelet/core';
import type { CodecTrial, EncoderToTrack } from './video-protocol.js';

/** What the page's encoder says, or undefined for what it never says: the page is ours, but shows others' pixels. */
export function readEncoderMessage(json: JsonValue): EncoderToTrack | undefined {
  if (!isObject(json)) return undefined;
  const { type, id, key, encodeTime, trials } = json;
  switch (type) {
    case 'measured':
      return areTrials(trials) ? { type, trials } : undefined;
    case 'failed':
      return isCount(id) ? { type, id } : undefined;
    case 'chunk':
      return isCount(id) && isCount(encodeTime) ? { type, id, key: key === true, encodeTime } : undefined;
    default:
      return undefined;
  }
}

/** Each codec once at most. */
function areTrials(value: unknown): value is readonly CodecTrial[] {
  return Array.isArray(value) && value.length <= Object.keys(VIDEO_CODECS).length && value.every(isTrial);
}

function isTrial(value: unknown): boolean {
  if (!isObject(value) || typeof value.codec !== 'string' || !(value.codec in VIDEO_CODECS)) return false;
  return [value.encodeTime, value.decodeTime, value.bytes].every(isCount);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
