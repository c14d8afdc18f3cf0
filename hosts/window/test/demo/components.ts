import { applyTheme, Localizer } from '@livelet/window/page';
import '@livelet/window/page/components.js';

applyTheme('operator');
new Localizer();
document.querySelector('wa-dropdown')?.addEventListener('wa-select', (event) => {
  const chosen = document.querySelector('#chosen') as HTMLElement;
  chosen.textContent = (event as CustomEvent<{ item: { value: string } }>).detail.item.value;
});
