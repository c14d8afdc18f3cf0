import type { SimulatedRelay } from '@livelet/core/test-support';
import type { EngineBrowser, EnginePage } from './engine-pages.js';
import { type HostedAudio, hostAudio } from './hosted-audio.js';

/** A session with this plugin at both ends, each with its page. */
export interface AudioEnds extends AsyncDisposable {
  readonly hosted: HostedAudio;
  readonly customer: EnginePage;
  readonly operator: EnginePage;
}

export async function openEnds(browser: EngineBrowser, relay?: SimulatedRelay): Promise<AudioEnds> {
  await using stack = new AsyncDisposableStack();
  const hosted = stack.use(await hostAudio(true, relay));
  const customer = stack.use(await browser.engine((port) => hosted.connect('customer', port)));
  const operator = stack.use(await browser.engine((port) => hosted.connect('operator', port)));
  const owned = stack.move();
  return { hosted, customer, operator, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}
