import type { DisplayInfo, PanelContext } from '@livelet/core/page';
import type { MenuToViewer, ViewerToMenu } from '../src/viewer/page-protocol.js';
import { TEXT } from './strings.js';

/** Which monitor is shown; there only where there is a choice. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const select = document.createElement('select');
  select.className = 'll-display-menu';
  context.root.append(select);
  let told: ViewerToMenu = { displays: [] };

  const render = (): void => {
    const { locale } = context;
    context.root.hidden = told.displays.length < 2;
    select.ariaLabel = TEXT.monitors[locale];
    select.replaceChildren(
      ...told.displays.map((display) => {
        const size = `${display.width} × ${display.height}`;
        const option = document.createElement('option');
        option.value = String(display.id);
        option.textContent = `${label(display)} · ${size}`;
        option.selected = display.id === told.shown;
        return option;
      }),
    );
  };
  const label = ({ id, name }: DisplayInfo): string => {
    if (id === 0) return TEXT.all[context.locale];
    return name || `${TEXT.monitors[context.locale]} ${id}`;
  };
  select.addEventListener('change', () => {
    const message: MenuToViewer = { select: Number(select.value) };
    context.port.post({ json: { ...message } });
  });
  render();
  const resources = new DisposableStack();
  resources.defer(() => select.remove());
  resources.use(context.onLocale(render));
  resources.use(
    context.port.onMessage(({ json }) => {
      told = json as unknown as ViewerToMenu;
      render();
    }),
  );
  return resources;
}
