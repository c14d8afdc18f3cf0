import {
  asLiveletError,
  type HostPart,
  type JsonValue,
  LiveletError,
  type PagePort,
  type PluginUi,
  type RandomSource,
  type ReportSource,
  readReportItems,
  sealReport,
} from '@livelet/core';
import { type DeskToPanel, type PanelToDesk, REPORT_PIECE } from './page-protocol.js';

/** Serves the panel: gives what the host gathered, seals what the person left of it, and hands that to the outbox. */
export class ReportDesk implements HostPart {
  readonly #ui: PluginUi;
  readonly #source: ReportSource;
  readonly #random: RandomSource;
  readonly #ports = new Set<PagePort>();
  readonly #resources = new DisposableStack();
  /** The report that is on its way; there is one person, so there is one at a time. */
  #sending: AbortController | undefined;

  constructor(ui: PluginUi, source: ReportSource, random: RandomSource) {
    this.#ui = ui;
    this.#source = source;
    this.#random = random;
  }

  start(): void {
    this.#resources.use(this.#ui.onPort(REPORT_PIECE, (port) => this.#serve(port)));
  }

  stop(): void {
    this.#resources.dispose();
    this.#sending?.abort(new LiveletError('cancelled'));
    for (const port of [...this.#ports]) port.close();
  }

  #serve(port: PagePort): void {
    this.#ports.add(port);
    // A page that goes away takes back nothing: the person has pressed Send.
    port.onClose(() => this.#ports.delete(port));
    port.onMessage(({ json }) => {
      this.#take(port, json).catch((error: unknown) => {
        post(port, { type: 'failed', error: asLiveletError(error).code });
      });
    });
  }

  async #take(port: PagePort, json: JsonValue): Promise<void> {
    const message = (json ?? {}) as Partial<PanelToDesk> & { readonly items?: unknown };
    switch (message.type) {
      case 'gather':
        return await this.#gather(port);
      case 'send':
        return await this.#send(port, message.items);
      case 'seal': {
        const bytes = this.#seal(message.items);
        this.#source.note('saved');
        return port.post({ json: { type: 'sealed' }, bytes });
      }
      case 'cancel':
        return this.#sending?.abort(new LiveletError('cancelled'));
      case 'discard':
        await this.#source.outbox.discard();
        return post(port, { type: 'discarded' });
      default:
        throw new LiveletError('message-malformed', 'unknown');
    }
  }

  async #gather(port: PagePort): Promise<void> {
    const { relay, supportKey, outbox } = this.#source;
    const items = await this.#source.gather();
    post(port, {
      type: 'gathered',
      items: items.filter(({ text }) => text !== ''),
      relay,
      canSeal: supportKey !== undefined,
      waiting: outbox.waiting,
    });
  }

  async #send(port: PagePort, items: unknown): Promise<void> {
    if (this.#sending) throw new LiveletError('request-too-soon', 'one is on its way');
    const envelope = this.#seal(items);
    const sending = new AbortController();
    this.#sending = sending;
    post(port, { type: 'sending', part: 0 });
    try {
      const how = await this.#source.outbox.send(envelope, sending.signal, (bytes) =>
        post(port, { type: 'sending', part: bytes / envelope.length }),
      );
      this.#source.note(how);
      post(port, { type: 'done', how });
    } catch (error) {
      if (sending.signal.aborted) {
        this.#source.note('cancelled');
        post(port, { type: 'cancelled' });
        return;
      }
      this.#source.note('failed', error);
      throw error;
    } finally {
      this.#sending = undefined;
    }
  }

  #seal(items: unknown): Uint8Array {
    const { supportKey } = this.#source;
    if (supportKey === undefined) throw new LiveletError('deployment-invalid', 'no support key');
    return sealReport({ items: readReportItems(items) }, supportKey, this.#random);
  }
}

function post(port: PagePort, message: DeskToPanel): void {
  port.post({ json: message as unknown as JsonValue });
}
