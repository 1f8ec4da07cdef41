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
    padding-block-end: 0.53em;
  }
  .message {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 4.4em;
  }
  .message:focus-visible {
    outline: none;
  }
  .message:focus-visible > .line {
    outline: 2px solid var(--_text);
    outline-offset: -2px;
  }
  .heading {
    display: flex;
    align-items: center;
    gap: 0.88em;
    padding: 1.23em 1.58em 0.53em;
    font-size: 0.76em;
    font-weight: 700;
    color: var(--_muted);
  }
  .heading::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: currentcolor;
    opacity: 0.25;
  }
  .seen {
    color: var(--_accent-text);
  }
  .pill {
    position: absolute;
    z-index: 1;
    inset-block-start: 0.76em;
    inset-inline: 0.91em;
    inline-size: fit-content;
    margin-inline: auto;
    padding-block: 0.45em;
    padding-inline: 0.76em 1.14em;
    border-radius: 99px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 0.88em;
    font-weight: 700;
    box-shadow:
      inset 0 0 0 1px var(--_accent-edge),
      0 4px 14px -2px #0006;
    animation: arrive 0.3s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .older {
    display: flex;
    min-block-size: 2.73em;
    margin: 0.61em auto;
    padding-inline: 1.21em;
    border-radius: 99px;
    font-size: 0.88em;
    font-weight: 600;
    box-shadow: inset 0 0 0 1px var(--_edge);
  }
  .older:hover {
    background: var(--_field);
  }
`;
