import type { Page } from 'playwright-core';
import { median } from '../statistics.js';

/** The rows of the product's own measurements that are times, as the operator reads them. */
export const STAGES = ['Wait', 'Capture', 'Encode', 'Wire, one way', 'Decode', 'Draw'] as const;
export type Stage = (typeof STAGES)[number];

/** How often they are made anew, ms. */
const INTERVAL = 1000;

/** Opens the measurements over the picture. */
export async function openMeasurements(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Picture', exact: true }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Measurements' }).click();
}

/** Reads them once a second; the function it gives ends that and tells the medians, ms. */
export function startStageTimes(page: Page): () => Promise<Readonly<Record<Stage, number>>> {
  const seen: Record<string, string>[] = [];
  const reading = setInterval(async () => seen.push(await readTable(page)), INTERVAL);
  return async () => {
    clearInterval(reading);
    seen.push(await readTable(page));
    const of = (stage: Stage): number =>
      median(seen.map((row) => Number.parseFloat(row[stage] ?? '')).filter(Number.isFinite));
    return Object.fromEntries(STAGES.map((stage) => [stage, of(stage)])) as Record<Stage, number>;
  };
}

async function readTable(page: Page): Promise<Record<string, string>> {
  return await page.locator('table.measurements').evaluate((table) =>
    Object.fromEntries(
      [...(table as HTMLTableElement).rows].map((row) => {
        const [heading, cell] = row.cells;
        return [heading?.textContent ?? '', cell?.textContent ?? ''];
      }),
    ),
  );
}
