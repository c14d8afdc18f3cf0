import { localizer } from './page-context.js';

export function formatDateTime(at: number): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(localizer.locale, options).format(at);
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(localizer.locale, { dateStyle: 'medium' }).format(at);
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat(localizer.locale).format(count);
}

export function formatShare(share: number): string {
  return new Intl.NumberFormat(localizer.locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    share,
  );
}

/** `1:04:12` */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
