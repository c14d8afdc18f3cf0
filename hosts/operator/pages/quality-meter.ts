import type { StageStatistics } from '@livelet/core/page';
import type { ConnectionQuality } from '@livelet/operator/page-protocol';
import { css, html, type TemplateResult } from 'lit';
import { formatBytes } from './format.js';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

/** Round trip, pictures a second and bytes a second, in one quiet line. */
export class QualityMeter extends LocalizedElement {
  static override readonly properties = { quality: { state: true }, stage: { state: true } };
  declare quality: ConnectionQuality | undefined;
  declare stage: StageStatistics | undefined;

  override render(): TemplateResult {
    const { quality, stage } = this;
    const parts = [
      quality?.rttMs === undefined ? undefined : `${quality.rttMs} ms`,
      stage === undefined ? undefined : `${Math.round(stage.fps)} fps`,
      quality === undefined ? undefined : `${formatBytes(quality.bytesPerSecond, localizer.locale)}/s`,
    ].filter((part) => part !== undefined);
    const lag = stage?.lagMs === undefined ? '' : ` · ${Math.round(stage.lagMs)} ms`;
    return html`<p
      class="numbers ll-quiet-text"
      role="group"
      aria-label=${this.strings.quality}
      title="${this.strings.quality}: ${parts.join(' · ')} (${this.strings.wholeConnection})${lag}"
    >
      ${parts[0]}<span>${parts.slice(1).map((part) => ` · ${part}`)}</span>
    </p>`;
  }

  showQuality(quality: ConnectionQuality): void {
    this.quality = quality;
  }

  showStage(stage: StageStatistics): void {
    this.stage = stage;
  }

  static override readonly styles = [
    ...shared,
    css`
      /* Numbers come late and change every second; what stands beside and below them must not move. */
      p {
        min-width: 13em;
        min-height: 1.25em;
        font-size: 0.75em;
        line-height: 1.25;
        white-space: nowrap;
      }
      @media (max-width: 1100px) {
        p {
          min-width: 4.5em;
        }
        span {
          display: none;
        }
      }
    `,
  ];
}
customElements.define('quality-meter', QualityMeter);
