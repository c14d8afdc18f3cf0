import { asLiveletError, isCapability, type JsonValue, type PagePort } from '@livelet/core';
import type { OperatorConsole } from './console.js';
import type { About, HostToPage, PageToHost } from './page-protocol.js';

/** Connects the console to its page's port: states out, commands in. A page that reloads gets all of it again. */
export function linkPage(port: PagePort, console: OperatorConsole, about: About): Disposable {
  const tell = (message: HostToPage): void => port.post({ json: message as unknown as JsonValue });
  const tellState = (): void => tell({ type: 'state', state: console.state, history: console.history });

  const resources = new DisposableStack();
  resources.use(
    console.onChange({ changed: tellState, quality: (quality) => tell({ type: 'quality', quality }) }),
  );
  resources.use(
    port.onMessage(({ json }) => {
      const command = readCommand(json);
      if (!command) return;
      obey(console, command).catch((error: unknown) =>
        tell({ type: 'refused', code: asLiveletError(error).code }),
      );
    }),
  );
  resources.use(port.onClose(() => resources.dispose()));

  tell({ type: 'about', about });
  tellState();
  if (console.session) tell({ type: 'quality', quality: console.session.quality });
  return resources;
}

async function obey(console: OperatorConsole, command: PageToHost): Promise<void> {
  switch (command.type) {
    case 'new-code':
      return console.newCode();
    case 'cancel':
      return console.cancel();
    case 'ask':
      return console.ask(command.capability);
    case 'end':
      return console.end();
    case 'home':
      return console.home();
  }
}

/** The page is ours, but a broken message must not throw into the shell. */
function readCommand(json: JsonValue): PageToHost | undefined {
  if (typeof json !== 'object' || json === null || !('type' in json)) return undefined;
  switch (json.type) {
    case 'ask':
      return isCapability(json.capability) ? { type: 'ask', capability: json.capability } : undefined;
    case 'new-code':
    case 'cancel':
    case 'end':
    case 'home':
      return { type: json.type };
    default:
      return undefined;
  }
}
