import { css } from 'lit';

export const messageStyles = css`
  .line {
    position: relative;
    display: flex;
    gap: var(--_gap);
    margin: 0 0.53em;
    padding: 0.53em 0.67em;
    border-radius: 14px;
  }
  /* Of consecutive messages by one person, only the first shows picture and name. The others have the class follows. */
  .follows > .line {
    padding-block-start: 1px;
  }
  .message:has(+ .follows) > .line {
    padding-block-end: 2px;
  }
  .follows .avatar {
    block-size: 0;
  }
  .said {
    flex: 1;
    min-inline-size: 0;
    overflow: clip;
  }
  .meta {
    display: flex;
    align-items: baseline;
    column-gap: 0.47em;
    flex-wrap: wrap;
    min-inline-size: 0;
    line-height: 1.35;
  }
  .who {
    flex: 1 1 5em;
    max-inline-size: max-content;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .author {
    font-weight: 700;
  }
  .tag,
  .role {
    padding: 0 0.33em;
    border-radius: 5px;
    background: var(--_tint);
    font-size: 0.8em;
  }
  .tag {
    font-family: ui-monospace, monospace;
  }
  time {
    font-size: 0.8em;
    color: var(--_muted);
  }
  .text {
    white-space: pre-wrap;
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
    padding-inline: 0.61em;
    margin-inline-start: -0.61em;
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
  /* What is left of a deleted message takes one line. */
  .gone > .line {
    padding-block: 3px;
    background: none;
  }
  .gone .avatar {
    block-size: 0;
  }
  .gone .said {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    column-gap: 0.47em;
  }
  .gone :is(.meta, .text) {
    font-size: 0.88em;
    color: var(--_muted);
  }
  .gone .text {
    font-style: italic;
  }
  @container (inline-size < 22em) {
    .gone time {
      display: none;
    }
  }
  .text a {
    color: inherit;
    text-decoration: underline 2px;
    text-decoration-color: var(--_accent-text);
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
