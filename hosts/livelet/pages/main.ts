import { asLiveletError } from '@livelet/core/page';
import { applyTheme, connectHost, errorText, Localizer } from '@livelet/window/page';
import { LiveletPage } from './livelet-page.js';
import { pageStyles } from './styles.js';

applyTheme('customer');
document.adoptedStyleSheets.push(pageStyles);
const localizer = new Localizer();

try {
  new LiveletPage(await connectHost(), localizer).start();
} catch (error) {
  const { what, next } = errorText(asLiveletError(error, 'window-gone').code, localizer.locale);
  const main = document.createElement('main');
  const title = document.createElement('h1');
  title.textContent = what;
  const text = document.createElement('p');
  text.textContent = next;
  main.append(title, text);
  document.body.append(main);
}
