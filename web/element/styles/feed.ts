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
  .heading {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 14px 18px 6px;
    font-size: 0.76em;
    font-weight: 650;
    color: var(--_muted);
  }
  .heading::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: var(--_line);
  }
  .seen {
    color: var(--_accent-text);
  }
  .seen::after {
    background: currentcolor;
  }
  .pill {
    position: absolute;
    z-index: 1;
    inset-block-start: 10px;
    inset-inline: 12px;
    inline-size: fit-content;
    margin-inline: auto;
    padding-block: 6px;
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
`;
