/**
 * What plain elements can't do well, from Web Awesome: `wa-tab-group` with `wa-tab` and `wa-tab-panel`. Importing this
 * module defines them, in this page's look and with the bundled icons; Web Awesome's own would come from another host.
 * Buttons, switches, fields and dialogs are plain elements, dressed by the theme. Not its tooltip, which takes the name
 * of its button away from screen readers while it is hidden.
 */
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import '@awesome.me/webawesome/dist/translations/it.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';

// Same-origin files and not data: addresses, which the page's policy doesn't let it fetch. Tabs that don't fit have a
// chevron at each end, which is called the same here.
for (const library of ['default', 'system']) {
  registerIconLibrary(library, { resolver: (name) => `/icons/${name}.svg` });
}
