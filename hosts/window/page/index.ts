/** `@livelet/window/page`: what the hosts' pages are made with. */
export { Announcer } from './announcer.js';
export { connectHost, type HostConnection } from './connect.js';
export { HelpDialog, type HelpDialogOptions } from './help-dialog.js';
export { IconElement } from './icon-element.js';
export { type IconName, isIconName } from './icons.js';
export { LanguageSwitch } from './language-switch.js';
export { LocalizedElement } from './localized-element.js';
export { defineStrings, Localizer } from './localizer.js';
export { openBeside } from './open-beside.js';
export { OpenMarks } from './open-marks.js';
export { openPanelWindow, type PanelWindow } from './panel-window.js';
export { type SavedTo, saveAs } from './save-as.js';
export { saveFile } from './save-file.js';
export { mountSlot, type SlotContribution, type SlotOptions } from './slot.js';
export { errorText } from './texts/error-text.js';
export type { ErrorText } from './texts/error-texts.js';
export { type Audience, applyTheme, baseStyles } from './theme/theme.js';
