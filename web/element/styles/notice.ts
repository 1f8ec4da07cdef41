import { css } from 'lit';

export const noticeStyles = css`
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
    background: var(--_tint);
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
