import type { PanelContext } from '@livelet/core/page';
import { mountLastPanel } from './last-panel.js';

export function mount(context: PanelContext<HTMLElement>): Disposable {
  return mountLastPanel(context, 'theyCopy');
}
