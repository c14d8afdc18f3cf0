import { applyTheme } from '@livelet/window/page';
import './relay-console.js';

applyTheme('operator');
