import { type CSSResult, css } from 'lit';

/** Toolbar, stage and side panel. */
export const sessionViewStyles: CSSResult = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  .middle {
    position: relative;
    flex: 1;
    display: flex;
    min-height: 0;
  }
  .stage {
    position: relative;
    flex: 1;
    min-width: 0;
    background: var(--ll-stage);
  }
  .picture,
  .stage stage-cover {
    position: absolute;
    inset: 0;
  }
  .picture {
    display: grid;
    /* The ground is dark in both themes, and so is what stands on it. */
    color-scheme: dark;
    color: var(--ll-text);
  }
  .picture[inert]:not(.dimmed) {
    visibility: hidden;
  }
  .picture.dimmed {
    opacity: 0.35;
    filter: grayscale(1);
  }
  /* What several plugins put on the stage lies one over the other. */
  .picture > .ll-panel {
    grid-area: 1 / 1;
    min-width: 0;
    min-height: 0;
  }
  .tools {
    --ll-control: 32px;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 2px;
    flex: 1;
  }
  /* As wide as its longest line where there is room; before the tools take a second line it gives way. */
  .tools > .ll-panel:has(> select) {
    flex: 1 0 auto;
    inline-size: 9.5em;
    max-inline-size: max-content;
  }
  .tools select {
    inline-size: 100%;
    padding-inline: 8px 4px;
    font-size: var(--ll-size-small);
  }
  side-panel {
    flex: none;
    width: var(--panel-width, clamp(300px, 24vw, 380px));
  }
  /* Out of sight, so that what comes is counted as unread. */
  .stage:fullscreen ~ side-panel {
    display: none;
  }
  /* What shows nothing now takes no room, not even a gap. */
  .tools > .ll-empty {
    position: absolute;
  }
  .place > .ll-panel {
    height: 100%;
  }
  .refusal {
    position: absolute;
    z-index: 1;
    inset: auto var(--ll-space-2) var(--ll-space-2);
    width: fit-content;
    margin: 0 auto;
    padding: 10px var(--ll-space-2);
    background: var(--ll-surface-raised);
    border: 1px solid var(--ll-line);
    border-radius: var(--ll-radius);
    box-shadow: var(--ll-shadow);
  }
  @media (max-width: 1100px) {
    .tools {
      justify-content: flex-start;
    }
  }
  @media (max-width: 760px) {
    .middle {
      flex-direction: column;
    }
    side-panel {
      width: auto;
      /* The chat's field is seen, with what stands above it. */
      height: var(--panel-height, clamp(42%, 270px, 60%));
    }
  }
`;
