import { applyTheme, Localizer } from '@livelet/window/page';
import '@livelet/window/page/components.js';

applyTheme('operator');
new Localizer();
