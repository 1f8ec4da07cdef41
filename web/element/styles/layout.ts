import { css } from 'lit';

export const layout = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .box {
    container-type: inline-size;
    position: relative;
    isolation: isolate;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: clip;
    background: var(--_bg);
    color: var(--_text);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: var(--shout-shadow, 0 1px 2px #1b172108, 0 12px 32px -16px #1b172126);
    /* Follows the page's text size, and so the reader's setting, but is at least 14px. */
    font: 400 var(--shout-font-size, max(0.9375em, 14px)) / 1.45 var(--shout-font, system-ui, sans-serif);
    overflow-wrap: anywhere;
  }
  /* Until the language has loaded, the header and the composer are hidden but keep their space, so that nothing moves
     when their words appear. */
  .wordless :is(header, .composer) {
    visibility: hidden;
  }
  h2,
  h3,
  p {
    margin: 0;
    font: inherit;
  }
  button,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    margin: 0;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-inline-size: 24px;
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: 9px;
    background: none;
    cursor: pointer;
  }
  [aria-disabled='true'] {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--_text);
    outline-offset: 2px;
  }
  .icon {
    flex: none;
    inline-size: 1.33em;
    block-size: 1.33em;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  /* Hidden, but read by screen readers. */
  .announcer,
  .follows .meta {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: pre;
  }
  /* Children that do not fit into one line go to the next. */
  header,
  .words,
  .status {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
  }
  header {
    flex: none;
    justify-content: flex-end;
    gap: 0.53em;
    min-block-size: 3.73em;
    padding-block: 0.53em 0.27em;
    padding-inline: 1.2em 0.8em;
  }
  /* Has the height of an empty composer from the start, so that nothing moves when its code has loaded. */
  .composer {
    flex: none;
    min-block-size: 4.14em;
    font-variant-numeric: tabular-nums;
    padding: 0.27em 0.8em 0.67em;
  }
  .words {
    flex: 1 1 6em;
    column-gap: 0.53em;
  }
  .title {
    font-size: 1.2em;
    font-weight: 700;
    letter-spacing: -0.02em;
  }
  .status {
    flex: 1 1 8em;
    column-gap: 0.58em;
    padding-block-start: 0.15em;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .chip {
    padding: 1px 0.53em;
    line-height: 1.2;
    background: var(--_tint);
    color: var(--_text);
    font-weight: 600;
  }
  .chip:hover {
    background: var(--_line);
  }
  .people {
    font-variant-numeric: tabular-nums;
  }
  /* A long label breaks into lines beside the bars. It moves below them only if less than 5em is left. */
  .label {
    flex: 1 1 5em;
    max-inline-size: max-content;
  }
  /* Three bars for the connection, like a sound level: high while live, moving while connecting, otherwise flat. */
  .bars {
    flex: none;
    display: flex;
    align-items: center;
    gap: 2px;
    block-size: 14px;
    padding: 2px 0;
  }
  .bars i {
    inline-size: 3px;
    block-size: 3px;
    border-radius: 2px;
    background: var(--_muted);
  }
  [data-state='live'] .bars i {
    background: var(--_accent-text);
    block-size: 7px;
  }
  [data-state='live'] .bars i:nth-child(2) {
    block-size: 14px;
  }
  [data-state='connecting'] .bars i,
  [data-state='catching-up'] .bars i {
    animation: voice 1.2s ease-in-out infinite;
  }
  .bars i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .bars i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes voice {
    40% {
      block-size: 12px;
    }
  }
  .quiet {
    flex: none;
    inline-size: 2.27em;
    block-size: 2.27em;
    color: var(--_muted);
  }
  .quiet:hover,
  .quiet[aria-pressed='true'] {
    background: var(--_field);
    color: var(--_text);
  }
  .avatar {
    flex: none;
    position: relative;
    inline-size: var(--_avatar);
    block-size: var(--_avatar);
    border-radius: 32%;
    overflow: hidden;
    user-select: none;
  }
  .avatar svg,
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .avatar text {
    font-size: 18px;
    font-weight: 700;
  }
  @container (inline-size < 20em) {
    header {
      padding-inline: 0.93em 0.53em;
      gap: 0.27em;
    }
    .message {
      --_avatar: 2em;
    }
  }
  @container (inline-size < 11em) {
    .line .avatar {
      display: none;
    }
  }
  @container (inline-size >= 48em) {
    header,
    .composer,
    .feed,
    .empty,
    .skeleton {
      inline-size: 100%;
      max-inline-size: 50.67em;
      margin-inline: auto;
    }
  }
  .foot {
    flex: none;
    padding: 0.67em 1.2em 0.8em;
  }
  /* Makes buttons large enough for fingers (WCAG 2.2, 2.5.5). */
  @media (pointer: coarse) {
    button {
      min-inline-size: 44px !important;
      min-block-size: 44px !important;
    }
    .composer {
      min-block-size: calc(56px + 0.93em);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .bars i,
    [data-state='live'] .bars i {
      background: CanvasText;
    }
    .box,
    .field,
    button {
      border: 1px solid ButtonBorder;
    }
  }
`;
