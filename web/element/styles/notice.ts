import { css } from 'lit';

export const noticeStyles = css`
  .empty {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 2px;
    min-block-size: 100%;
    padding: 1.6em;
    text-align: center;
    color: var(--_muted);
  }
  .empty strong {
    color: var(--_text);
    font-size: 1.1em;
  }
  .empty svg {
    margin-block-end: 0.93em;
  }
  [dir='rtl'] .empty svg {
    transform: scaleX(-1);
  }
  .horn {
    fill: var(--_accent);
    stroke: var(--_accent-edge);
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
    padding-block-start: 0.67em;
  }
  .skeleton i {
    display: block;
    background: var(--_tint);
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton .said i {
    block-size: 0.8em;
    margin-block: 0.27em 0.67em;
    border-radius: 6px;
    inline-size: 32%;
  }
  .skeleton .said i + i {
    inline-size: 78%;
    margin-block: 0 0.4em;
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
