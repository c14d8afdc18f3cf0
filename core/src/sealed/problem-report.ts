import type { RandomSource } from '../channel/crypto.js';
import {
  MAX_REPORT_ITEMS,
  MAX_REPORT_PICTURE,
  MAX_REPORT_TEXT,
  type ProblemReport,
  REPORT_TEXTS,
  type ReportItem,
} from '../contracts/problem-report.js';
import { LiveletError } from '../errors.js';
import { fromBase64 } from './canonical-json.js';
import { openEnvelope, type SealKeys, sealEnvelope } from './envelope.js';

const FORMAT = 'livelet-report/1';

/**
 * Seals what a person has seen and sends, with nothing added to it.
 * @param supportKey X25519 public key
 * @throws `message-malformed` for what isn't a report, `message-too-large` over its limits
 */
export function sealReport(report: ProblemReport, supportKey: Uint8Array, random: RandomSource): Uint8Array {
  const content = JSON.stringify({ format: FORMAT, items: readReportItems(report.items) });
  return sealEnvelope('report', new TextEncoder().encode(content), supportKey, random);
}

/** @throws `sealed-malformed` for what is not for these keys, `message-malformed` for what is no report */
export function openReport(envelope: Uint8Array, keys: SealKeys): ProblemReport {
  const text = new TextDecoder().decode(openEnvelope('report', envelope, keys));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('not JSON', cause);
  }
  const { format, items } = (value ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) throw malformed('format');
  return { items: readReportItems(items) };
}

/** A copy of a report's items with nothing else in it. @throws `message-malformed`, `message-too-large` */
export function readReportItems(value: unknown): readonly ReportItem[] {
  if (!Array.isArray(value) || value.length === 0) throw malformed('no items');
  if (value.length > MAX_REPORT_ITEMS) throw new LiveletError('message-too-large', 'too many items');
  const items = value.map(readItem);
  if (new Set(items.map(({ id }) => id)).size !== items.length) throw malformed('an item twice');
  return items;
}

function readItem(value: unknown): ReportItem {
  const { id, text, type, picture } = (value ?? {}) as Record<string, unknown>;
  if (id === 'picture') {
    if (type !== 'image/png' && type !== 'image/jpeg') throw malformed('a picture’s type');
    if (typeof picture !== 'string') throw malformed('no picture');
    if (picture.length > Math.ceil(MAX_REPORT_PICTURE / 3) * 4) {
      throw new LiveletError('message-too-large', 'a picture');
    }
    if (fromBase64(picture) === undefined) throw malformed('not base64');
    return { id, type, picture };
  }
  const known = REPORT_TEXTS.find((name) => name === id);
  if (known === undefined || typeof text !== 'string') throw malformed('an unknown item');
  if (text.length > MAX_REPORT_TEXT) throw new LiveletError('message-too-large', known);
  return { id: known, text };
}

function malformed(message: string, cause?: unknown): LiveletError {
  return new LiveletError('message-malformed', message, { cause });
}
