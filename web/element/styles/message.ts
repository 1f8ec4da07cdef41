import { css } from 'lit';

export const messageStyles = css`
  .line {
    position: relative;
    display: flex;
    gap: var(--_gap);
    margin: 0 8px;
    padding: 8px 10px;
    border-radius: 14px;
  }
  .own > .line {
    background: var(--_own);
  }
  .own + .own:not(.follows, :has(.heading)) > .line {
    margin-block-start: 3px;
  }
  /* A group: one picture and one name, on top. */
  .follows > .line {
    padding-block-start: 1px;
  }
  .message:has(+ .follows) > .line {
    padding-block-end: 2px;
  }
  .own.follows > .line {
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }
  .own:has(+ .follows) > .line {
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }
  .follows .avatar {
    block-size: 0;
  }
  .follows .meta {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    clip-path: inset(50%);
  }
  .said {
    flex: 1;
    min-inline-size: 0;
    overflow: clip;
  }
  .meta {
    display: flex;
    align-items: baseline;
    gap: 7px;
    min-inline-size: 0;
    white-space: nowrap;
    overflow: hidden;
    line-height: 1.35;
  }
  .who {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .author {
    font-weight: 680;
  }
  .tag {
    padding: 0 4px;
    border-radius: 5px;
    background: var(--_tint);
    font: 0.8em ui-monospace, monospace;
  }
  .you {
    flex: none;
    padding: 0 6px;
    border-radius: 99px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 0.72em;
    font-weight: 700;
    line-height: 1.6;
  }
  time,
  .absolute {
    flex: none;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .absolute {
    flex: 1 1 0;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    opacity: 0;
  }
  .absolute::before {
    content: '· ';
  }
  .message:hover .absolute,
  .message:focus-within .absolute {
    opacity: 1;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .jumbo {
    font-size: 2.4em;
    line-height: 1.25;
  }
  .long {
    max-block-size: 17.4em;
    overflow: hidden;
  }
  [data-cut]:not(.expanded) .long {
    mask-image: linear-gradient(#000 calc(100% - 2.5em), transparent);
  }
  .expanded .long,
  .long:has(:focus-visible) {
    max-block-size: none;
    mask-image: none !important;
  }
  .more {
    display: none;
    margin-block-start: 2px;
    padding-inline: 8px;
    margin-inline-start: -8px;
    font-size: 0.88em;
    font-weight: 600;
    color: var(--_muted);
  }
  [data-cut] .more,
  .expanded .more {
    display: inline-flex;
  }
  .more:hover {
    color: var(--_text);
  }
  /* A tombstone is one line. */
  .gone > .line {
    padding-block: 3px;
    background: none;
  }
  .gone .avatar {
    block-size: 0;
  }
  .gone .said {
    display: flex;
    align-items: baseline;
    gap: 7px;
    white-space: nowrap;
  }
  .gone .meta {
    flex-shrink: 2;
    font-size: 0.88em;
    color: var(--_muted);
  }
  .gone :is(.author, .you) {
    font-weight: 500;
  }
  .gone .absolute {
    display: none;
  }
  .gone .text {
    min-inline-size: 4em;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 0.88em;
    color: var(--_muted);
    font-style: italic;
  }
  @container (inline-size < 340px) {
    .gone time {
      display: none;
    }
  }
  .text a {
    color: inherit;
    text-decoration: underline 2px;
    text-decoration-color: var(--_accent-edge);
    text-underline-offset: 3px;
    border-radius: 3px;
  }
  .text a:hover {
    text-decoration-color: currentcolor;
  }
  .fresh > .line {
    animation:
      arrive 0.5s cubic-bezier(0.2, 0.8, 0.2, 1),
      glow 2.4s ease-out;
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(-10px);
    }
  }
  @keyframes glow {
    from {
      background: var(--_own);
    }
  }
`;
