import { Announcer, LocalizedElement as Localized, Localizer } from '@livelet/window/page';
import { STRINGS } from './strings.js';

/** One of each for the page: its language and its voice. */
export const localizer = new Localizer();
export const announcer = new Announcer();

/** An element that speaks the page's language and follows its switch. */
export class LocalizedElement extends Localized {
  get strings(): (typeof STRINGS)['en'] {
    return STRINGS[localizer.locale];
  }

  protected override get localizer(): Localizer {
    return localizer;
  }
}
