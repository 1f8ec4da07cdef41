import { css } from 'lit';

export const feedStyles = css`
  .viewport {
    position: relative;
    flex: 1 1 20rem;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    border-block-start: 1px solid var(--_line);
  }
  .scroller {
    flex: 1 1 0;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--_muted) 45%, transparent) transparent;
    padding-block-end: 8px;
  }
  .message {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 66px;
  }
  .message:focus-visible {
    outline: none;
  }
  .message:focus-visible > .line {
    outline: 2px solid var(--_text);
    outline-offset: -2px;
  }
  .day {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 14px 18px 6px;
    font-size: 0.76em;
    font-weight: 650;
    color: var(--_muted);
  }
  .day::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: var(--_line);
  }
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
    letter-spacing: -0.005em;
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
  .message:focus-within .absolute,
  .message:focus .absolute {
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
  .gone {
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
  .delivery {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    padding-block-start: 2px;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .delivery .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .delivery strong {
    color: var(--_danger);
    font-weight: 650;
  }
  .delivery button {
    padding: 1px 8px 1px 6px;
    gap: 4px;
    color: var(--_text);
    font-weight: 600;
    background: color-mix(in oklab, var(--_text) 8%, transparent);
  }
  .delivery button:hover {
    background: color-mix(in oklab, var(--_text) 15%, transparent);
  }
  .sending .text {
    opacity: 0.75;
  }
  .failed > .line {
    background: color-mix(in oklab, var(--_danger) 9%, var(--_bg));
  }
  .delete {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-end: 6px;
    min-inline-size: 30px;
    block-size: 30px;
    color: var(--_muted);
    opacity: 0;
  }
  .message:hover .delete,
  .message:focus-within .delete {
    opacity: 1;
    background: var(--_own);
  }
  .delete:hover {
    color: var(--_danger);
  }
  .message .confirming {
    inset-block-start: 4px;
    block-size: 25px;
    padding-inline: 10px;
    font-size: 0.85em;
    font-weight: 650;
    color: var(--_danger);
    box-shadow: inset 0 0 0 1px var(--_danger);
  }
  @media (hover: none) {
    .delete {
      opacity: 1;
    }
  }
  .fresh > .line {
    animation: arrive 0.5s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .fresh:not(.own) > .line {
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
  .pill {
    position: absolute;
    z-index: 1;
    inset-block-start: 10px;
    inset-inline: 0;
    inline-size: fit-content;
    max-inline-size: calc(100% - 24px);
    margin-inline: auto;
    padding: 6px 14px 6px 10px;
    padding-inline: 10px 15px;
    border-radius: 99px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 0.88em;
    font-weight: 680;
    box-shadow: 0 4px 14px -2px #0006;
    animation: arrive 0.3s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .older {
    display: flex;
    min-block-size: 36px;
    margin: 8px auto;
    padding-inline: 16px;
    border-radius: 99px;
    font-size: 0.88em;
    font-weight: 600;
    box-shadow: inset 0 0 0 1px var(--_edge);
  }
  .older:hover {
    background: var(--_field);
  }
  .empty {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 2px;
    min-block-size: 100%;
    padding: 24px;
    text-align: center;
    color: var(--_muted);
  }
  .empty strong {
    color: var(--_text);
    font-size: 1.1em;
    font-weight: 700;
  }
  .empty svg {
    margin-block-end: 14px;
  }
  [dir='rtl'] .empty svg {
    transform: scaleX(-1);
  }
  .horn {
    fill: var(--_accent);
  }
  .grip {
    fill: color-mix(in oklab, var(--_accent) 72%, #000);
  }
  .wave {
    fill: none;
    stroke: var(--_edge);
    stroke-width: 3;
    stroke-linecap: round;
    opacity: 0.6;
  }
  .skeleton {
    padding-block-start: 10px;
  }
  .skeleton i {
    display: block;
    background: color-mix(in oklab, var(--_text) 8%, transparent);
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton .said i {
    block-size: 0.8em;
    margin-block: 4px 10px;
    border-radius: 6px;
    inline-size: 32%;
  }
  .skeleton .said i + i {
    inline-size: 78%;
    margin-block: 0 6px;
  }
  .skeleton .line:nth-child(even) .said i + i {
    inline-size: 54%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
`;
