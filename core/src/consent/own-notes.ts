/** UTF-16 units of what a person notes about a session for themselves. */
export const MAX_OWN_NOTES = 10_000;

/** Plain text of at most MAX_OWN_NOTES: without control characters other than tabs and ends of lines. */
export function cleanOwnNotes(text: string): string {
  return text
    .slice(0, MAX_OWN_NOTES)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
}
