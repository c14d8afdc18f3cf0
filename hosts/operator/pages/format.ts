import type { Locale } from '@livelet/core/page';

/** `PT4M12S`, for the `datetime` of a `time` element. */
export function durationAttribute(ms: number): string {
  return `PT${Math.max(0, Math.floor(ms / 1000))}S`;
}

export function formatDateTime(at: number, locale: Locale): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(locale, options).format(at);
}

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** `12 kB`, `3.4 MB`: powers of 1000. */
export function formatBytes(bytes: number, locale: Locale): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
  return `${number.format(value)} ${UNITS[unit]}`;
}
