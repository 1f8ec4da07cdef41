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
    font: 400 var(--shout-font-size, 15px) / 1.45 var(--shout-font, system-ui, sans-serif);
  }
  /* Words push what stands beside them. */
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
    gap: 6px;
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
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .announcer {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: pre;
  }
  header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 56px;
    padding-block: 8px 4px;
    padding-inline: 18px 12px;
  }
  /* As high as an empty one, also while there is nothing in it yet. */
  .composer {
    flex: none;
    min-block-size: max(62px, 40px + 1.4em);
    font-variant-numeric: tabular-nums;
    padding: 4px 12px 10px;
  }
  .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 1.2em;
    font-weight: 750;
    letter-spacing: -0.02em;
  }
  .status {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 7px;
    min-inline-size: 0;
    padding-block-start: 0.15em;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .retry {
    flex: 0 1 auto;
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    padding-inline: 8px;
    background: var(--_tint);
    color: var(--_text);
    font-weight: 600;
  }
  .label {
    flex-shrink: 99;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* A voice: bars that stand while live, rise one after the other on the way there, lie flat when there is none. */
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
    background: light-dark(color-mix(in oklab, var(--_accent) 78%, var(--_text)), var(--_accent));
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
    animation-delay: 0.15s !important;
  }
  .bars i:nth-child(3) {
    animation-delay: 0.3s !important;
  }
  @keyframes voice {
    40% {
      block-size: 12px;
    }
  }
  .quiet {
    flex: none;
    inline-size: 34px;
    block-size: 34px;
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
    font-weight: 650;
  }
  [hidden] {
    display: none !important;
  }
  @container (inline-size < 300px) {
    header {
      padding-inline: 14px 8px;
      gap: 4px;
    }
    :is([data-state='live'], [data-state='offline']) .label {
      display: none;
    }
  }
  @container (inline-size >= 720px) {
    header,
    .composer,
    .feed,
    .empty,
    .skeleton {
      inline-size: 100%;
      max-inline-size: 760px;
      margin-inline: auto;
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
