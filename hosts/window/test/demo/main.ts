import type { PagePort } from '@livelet/core/page';
import { LiveletError } from '@livelet/core/page';
import {
  Announcer,
  applyTheme,
  connectHost,
  defineStrings,
  errorText,
  Localizer,
  mountSlot,
  openPanelWindow,
} from '@livelet/window/page';

const STRINGS = defineStrings({
  en: { title: 'A page for tests', greet: (name: string) => `Hello, ${name}` },
  it: { title: 'Una pagina per le prove', greet: (name: string) => `Ciao, ${name}` },
});

applyTheme('operator');
const localizer = new Localizer();
const announcer = new Announcer();
const heading = document.querySelector('h1') as HTMLElement;
const showTexts = (): void => {
  heading.textContent = STRINGS[localizer.locale].title;
};
localizer.onChange(showTexts);
showTexts();

const state = document.querySelector('#state') as HTMLElement;
try {
  const connection = await connectHost();
  state.textContent = connection.unsandboxed ? 'connected without sandbox' : 'connected';
  connection.onLost(() => {
    state.textContent = 'lost';
  });
  const slot = document.querySelector('#slot') as HTMLElement;
  const options = { connection, localizer, announce: announcer.announce };
  const page: PagePort = connection.port('page');
  page.onMessage((message) => {
    const command = message.json as { readonly mount?: string; readonly whenFocused?: boolean };
    if (command.whenFocused) {
      const answer = (): void => page.post(message);
      if (document.hasFocus()) answer();
      else addEventListener('focus', answer, { once: true });
    } else if (command.mount) {
      const title = { en: 'Panel', it: 'Pannello' };
      mountSlot(slot, [{ plugin: 'demo', id: 'panel', title, module: command.mount }], {
        ...options,
        onFailed: (_, error) => page.post({ json: { failed: String(error) } }),
      });
    } else page.post(message);
  });
  document.addEventListener('visibilitychange', () => page.post({ json: document.visibilityState }));
  document.querySelector('#panel')?.addEventListener('click', async () => {
    const panel = await openPanelWindow(360, 240);
    panel.onClosed(() => page.post({ json: { panel: 'closed' } }));
    panel.take(slot);
    page.post({ json: { panel: panel.separate ? 'separate' : 'same page' } });
  });
  document.querySelector('#language')?.addEventListener('click', () => localizer.setLocale('it'));
} catch (error) {
  const code = error instanceof LiveletError ? error.code : 'internal';
  state.textContent = `${code}: ${errorText(code, 'en').what}`;
}
