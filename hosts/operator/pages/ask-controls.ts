import type { Capability } from '@livelet/core/page';
import { AskButton } from './ask-button.js';
import { grantOf, isReconnecting, type SessionState } from './grants.js';

/** The controls in the plugins' pieces that ask for a capability. */
export class AskControls {
  readonly #buttons: AskButton[] = [];

  make(capability: Capability, state: SessionState): HTMLElement {
    const button = new AskButton();
    button.named = true;
    this.#buttons.push(button);
    show(button, capability, state);
    return button;
  }

  follow(state: SessionState): void {
    for (const button of this.#buttons) show(button, button.grant.capability, state);
  }
}

function show(button: AskButton, capability: Capability, state: SessionState): void {
  button.grant = grantOf(state, capability);
  button.away = isReconnecting(state);
}
