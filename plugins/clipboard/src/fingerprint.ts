import { createHash } from 'node:crypto';
import type { CopiedContent } from '@livelet/core';

/**
 * By which the same content is known again, in memory only. The text tells where there is one: programs write the HTML
 * beside it anew.
 */
export function fingerprint({ text, html, png }: CopiedContent): string {
  const [kind, bytes] = text ? ['text', text] : png ? ['png', png] : ['html', html ?? new Uint8Array()];
  return `${kind} ${createHash('sha256').update(bytes).digest('base64')}`;
}
