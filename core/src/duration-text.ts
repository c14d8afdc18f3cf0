/** Keeps a number and its unit on one line. */
const NO_BREAK = '\u00a0';

/** `1 h 4 min 12 s`, without the parts that are zero; the same in every language of the project. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${NO_BREAK}${unit}`);
  return shown.length > 0 ? shown.join(NO_BREAK) : `0${NO_BREAK}s`;
}

/** `4:12`, `1:04:12`: of what may still go on. */
export function timerText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
