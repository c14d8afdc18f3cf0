import {
  Clock,
  Desktop,
  type GrantsView,
  type PagePort,
  PeerGrants,
  PluginUi,
  type PortMessage,
  ReceiptNotes,
  RecordingsFolder,
  recordedNote,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import {
  FILM_CODECS,
  type Finished,
  MENU_PIECE,
  type MenuToRecorder,
  PICTURE_PIECE,
  type PictureToRecorder,
  type RecorderToMenu,
  type RecorderToPicture,
} from './page-protocol.js';
import { Recording } from './recording.js';
import { RecordingPermissions } from './recording-permission.js';
import { defaultRecordingsFolder } from './recordings-folder.js';

/** What there may be to hear. */
const SOUND = ['hear', 'hear-computer', 'speak'] as const;

/** The one who looks: records what their page shows, while the other person allows it and can see that it is done. */
@injectable()
export class Recorder implements SessionPart {
  readonly #permissions: RecordingPermissions;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #clock: Clock;
  readonly #notes: ReceiptNotes;
  readonly #resources = new DisposableStack();
  readonly #menus = new Set<PagePort>();
  readonly #place: RecordingsFolder | undefined;
  readonly #desktop: Desktop | undefined;
  #usual = '';
  #picture: PagePort | undefined;
  #recording: Recording | undefined;
  /** The same, until the other end is known to have heard of its end, or not to. */
  #unheard: Recording | undefined;
  #finished: Promise<void> = Promise.resolve();
  #last: Finished | undefined;

  constructor(
    @inject(RecordingPermissions) permissions: RecordingPermissions,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) notes: ReceiptNotes,
    @inject(RecordingsFolder) @optional() place?: RecordingsFolder,
    @inject(Desktop) @optional() desktop?: Desktop,
  ) {
    this.#permissions = permissions;
    this.#ui = ui;
    this.#grants = grants;
    this.#clock = clock;
    this.#notes = notes;
    this.#place = place;
    this.#desktop = desktop;
  }

  async start(): Promise<void> {
    this.#usual = await defaultRecordingsFolder();
    this.#resources.use(this.#ui.onPort(MENU_PIECE, (port) => this.#serveMenu(port)));
    this.#resources.use(this.#ui.onPort(PICTURE_PIECE, (port) => this.#servePicture(port)));
    this.#resources.use(
      this.#grants.onChange(({ capability, state, spent }) => {
        if (SOUND.some((sound) => sound === capability)) this.#tellMenus();
        if (capability !== 'record') return;
        // At once, whatever the stream tells later, and at the session's end before the receipt is closed.
        if (state !== 'granted') this.#over(spent === true);
        if (this.#last) this.#last = this.#told(this.#last);
        if (state === 'denied') this.#notes.add(recordedNote({ step: 'refused', sound: false }));
        this.#tellMenus();
      }),
    );
    this.#resources.use(
      this.#notes.onClosing((closing) => {
        if (closing === 'now') this.#over(false);
        else this.#recording?.end();
        return this.#unheard?.noted;
      }),
    );
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    this.#recording?.end();
    await this.#finished;
    for (const port of [...this.#menus, this.#picture]) port?.close();
  }

  /** Read each time: the person may choose another one. */
  get #folder(): string {
    return this.#place?.folder ?? this.#usual;
  }

  #begin(sound: boolean): void {
    if (this.#unheard || !this.#grants.isGranted('record')) return;
    this.#last = undefined;
    const options = {
      permissions: this.#permissions,
      clock: this.#clock,
      notes: this.#notes,
      folder: this.#folder,
      sound,
    };
    const recording = new Recording(options, {
      run: (run, format) => this.#tellPicture({ type: 'run', run, sound, ...(format && { format }) }),
      pause: () => this.#tellPicture({ type: 'pause' }),
      taken: (number) => this.#tellPicture({ type: 'taken', number }),
      changed: () => this.#tellMenus(),
    });
    this.#recording = recording;
    this.#unheard = recording;
    void recording.noted.then(() => {
      this.#unheard = undefined;
      this.#tellMenus();
    });
    this.#finished = recording.record().then((finished) => {
      this.#last = this.#told(finished);
      this.#recording = undefined;
      this.#tellMenus();
    });
    this.#tellMenus();
  }

  /** @param isHeard the grant is over because the other end heard of the recording's end */
  #over(isHeard: boolean): void {
    this.#recording?.end('revoked');
    this.#unheard?.confirm(isHeard);
  }

  /** The stream is reset as if it had been taken back; that its time was over is known of the grant. */
  #told(finished: Finished): Finished {
    const { state, spent } = this.#grants.get('record');
    const ranOut = finished.error === 'revoked' && state === 'expired' && spent !== true;
    return ranOut ? { ...finished, ranOut } : finished;
  }

  #showLast(): void {
    if (this.#last?.path !== undefined) this.#desktop?.showInFolder(this.#last.path);
  }

  #serveMenu(port: PagePort): void {
    this.#menus.add(port);
    port.onMessage(({ json }) => this.#command(json as unknown as MenuToRecorder));
    port.onClose(() => this.#menus.delete(port));
    this.#tellMenu(port);
  }

  #command(command: MenuToRecorder): void {
    if (command.type === 'start') this.#begin(command.sound === true);
    else if (command.type === 'stop') this.#recording?.end();
    else if (command.type === 'show') this.#showLast();
    else this.#recording?.setPaused(command.type === 'pause');
  }

  #servePicture(port: PagePort): void {
    // One page at a time takes pictures.
    this.#tellPicture({ type: 'pause' });
    this.#picture = port;
    port.onMessage((message) => {
      if (port === this.#picture) this.#take(message);
    });
    port.onClose(() => {
      if (port === this.#picture) this.#picture = undefined;
    });
    this.#recording?.restart();
  }

  #take({ json, bytes }: PortMessage): void {
    const message = json as unknown as PictureToRecorder;
    if (message.type === 'failed' || !isTaken(message) || bytes === undefined) {
      this.#recording?.end('recording-failed');
    } else this.#recording?.take(message, bytes);
  }

  #tellPicture(message: RecorderToPicture): void {
    this.#picture?.post({ json: message as unknown as PortMessage['json'] });
  }

  #tellMenus(): void {
    for (const port of this.#menus) this.#tellMenu(port);
  }

  #tellMenu(port: PagePort): void {
    const recording = this.#recording;
    const state: RecorderToMenu = {
      phase: recording?.phase ?? 'idle',
      // What was allowed was the one that is over, also before the other end says so.
      grant: this.#unheard && !recording ? 'expired' : this.#grants.get('record').state,
      sound: recording?.sound ?? false,
      soundAllowed: SOUND.some((capability) => this.#grants.isGranted(capability)),
      recordedMs: Math.round(recording?.length ?? 0),
      folder: this.#folder,
      canShow: this.#desktop !== undefined,
      ...(recording?.path !== undefined && { path: recording.path }),
      ...(this.#last && { last: this.#last }),
    };
    port.post({ json: state as unknown as PortMessage['json'] });
  }
}

/** What a page says is believed as far as the file's writer needs it. */
function isTaken(message: Exclude<PictureToRecorder, { type: 'failed' }>): boolean {
  const { run, number } = message;
  if (![run, number].every(Number.isSafeInteger)) return false;
  if (message.type === 'sound') {
    return Number.isFinite(message.time) && message.duration > 0 && message.duration <= 120;
  }
  if (!Number.isFinite(message.age)) return false;
  const isSize = (length: number): boolean => Number.isInteger(length) && length >= 2 && length <= 4096;
  const { codec, width, height } = message;
  return FILM_CODECS.includes(codec) && isSize(width) && isSize(height);
}
