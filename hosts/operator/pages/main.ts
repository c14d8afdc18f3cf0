import { asLiveletError } from '@livelet/core/page';
import { applyTheme, connectHost, errorText } from '@livelet/window/page';
import './notice-box.js';
import { OperatorApp } from './operator-app.js';
import { localizer } from './page-context.js';

applyTheme('operator');
const app = document.querySelector('operator-app');
try {
  const connection = await connectHost();
  if (app instanceof OperatorApp) app.connect(connection);
} catch (error) {
  const { what, next } = errorText(asLiveletError(error).code, localizer.locale);
  const notice = Object.assign(document.createElement('notice-box'), { what, next, alarm: true });
  app?.replaceWith(notice);
}
