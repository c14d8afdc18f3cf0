import { join } from 'node:path';
import { STAGE } from '../fixtures/stage-picture.js';
import { startCast } from './cast.js';
import { TOUR } from './exchange-steps.js';
import { STEPS } from './steps.js';
import { TourReport } from './tour-report.js';

/**
 * One whole session, played and checked: what `npm start -- --tour` runs.
 * @param folder for `tour.md` and its pictures; emptied first
 * @throws Error of the first check that doesn't hold; the report is written all the same
 */
export async function playTour(folder: string, tell: (line: string) => void): Promise<void> {
  const report = await TourReport.create(folder);
  await using cast = await startCast(tell, TOUR);
  for (const { title, play } of STEPS) {
    tell(title);
    try {
      await report.step(title, (check) => play(cast, check));
    } finally {
      await report.picture('operator', cast.operator);
      await report.picture('livelet', cast.panel.isClosed() ? cast.customer : cast.panel);
      const isShown = await cast.customer.locator(STAGE).isVisible();
      if (isShown) await report.picture('shown', cast.customer);
      await report.display(cast.desktop.scene.connection, cast.desktop);
      await report.write();
    }
  }
  tell(`All checks held: ${join(folder, 'tour.md')}`);
}
