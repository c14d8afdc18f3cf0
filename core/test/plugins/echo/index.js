import { PluginChannel, PluginUi, SessionInfo, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';

/** What parts did, in order: `start <side>`, `stop <side>`. */
export const events = [];
/** The parts that run, by the side they are on. */
export const running = new Map();
/** Bytes that each part holds, so that a part that is never let go of shows in the memory. */
const BALLAST = 256 * 1024;

class EchoPart {
  constructor(channel, ui, session) {
    this.channel = channel;
    this.ui = ui;
    this.side = session.side;
    this.ballast = new Uint8Array(BALLAST).fill(1);
    this.ports = [];
  }

  start() {
    events.push(`start ${this.side}`);
    running.set(this.side, this);
    this.channel.serve('/test/echo/1', { say: (text) => `${this.side} heard ${text}` });
    this.ui.onPort('panel', (port) => this.ports.push(port));
  }

  stop() {
    events.push(`stop ${this.side}`);
    running.delete(this.side);
  }
}

export const plugin = {
  session: () =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart)
        .toResolvedValue(
          (channel, ui, session) => new EchoPart(channel, ui, session),
          [PluginChannel, PluginUi, SessionInfo],
        )
        .inSingletonScope();
    }),
};
