import { css } from 'lit';

export const composerStyles = css`
  .composer {
    flex: none;
    padding: 4px 12px 10px;
  }
  .field {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 5px;
    background: var(--_field);
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) - 4px);
    transition: border-color 0.15s;
  }
  .field:focus-within {
    outline: 2px solid var(--_text);
    outline-offset: -1px;
  }
  .grow {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    max-block-size: 9.4em;
    overflow-y: auto;
  }
  .grow::after {
    content: attr(data-text);
    visibility: hidden;
  }
  .grow::after,
  textarea {
    grid-area: 1 / 1;
    min-inline-size: 0;
    padding: 7px 8px;
    border: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.4;
  }
  textarea {
    inline-size: 100%;
    resize: none;
    overflow: hidden;
    background: none;
    border-radius: 8px;
    /* iOS zooms the page into any field below 16 px. */
    font-size: max(1em, var(--_touch-size, 0px));
  }
  @media (pointer: coarse) {
    .field {
      --_touch-size: 16px;
    }
    .grow::after {
      font-size: max(1em, 16px);
    }
  }
  textarea:focus-visible {
    outline: none;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send,
  .sign-in {
    flex: none;
    min-inline-size: 36px;
    block-size: 36px;
    border-radius: calc(var(--_radius) - 9px);
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    transition:
      transform 0.12s,
      background-color 0.15s;
  }
  .sign-in {
    padding-inline: 12px;
    font-size: 0.93em;
    font-weight: 650;
  }
  .send:not([aria-disabled='true']):active,
  .sign-in:active {
    transform: scale(0.94);
  }
  .send[aria-disabled='true'] {
    background: color-mix(in oklab, var(--_text) 9%, transparent);
    color: var(--_muted);
  }
  .note {
    padding: 5px 8px 0;
    font-size: 0.8em;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .note:empty {
    display: none;
  }
  .over {
    color: var(--_danger);
    font-weight: 600;
  }
  @container (inline-size < 340px) {
    .composer {
      padding-inline: 8px;
    }
  }
`;
