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
  .own + .own:not(:has(.day)) > .line {
    margin-block-start: 3px;
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
  .author {
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 680;
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
  .gone .text {
    color: var(--_muted);
    font-style: italic;
  }
  .text a {
    color: inherit;
    text-decoration: underline 2px;
    text-decoration-color: var(--_accent);
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
