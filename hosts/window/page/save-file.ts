/**
 * Gives a person a file to keep, named `name`; text is saved as UTF-8. A browser puts it into the downloads or asks for a
 * place, Electron asks: the page doesn't hear whether it was kept.
 */
export function saveFile(name: string, content: Blob | string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/plain' }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
