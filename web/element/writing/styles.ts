import { css } from 'lit';

/** Of the composer, and of what only one's own messages have. */
export const writingStyles = css`
  .account {
    flex: none;
    display: flex;
    gap: 4px;
  }
  .me {
    --_avatar: 24px;
  }
  .out {
    padding-inline: 10px;
    background: var(--_tint);
    font-size: 0.88em;
    font-weight: 600;
  }
  .field {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 5px;
    background: var(--_field);
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) - 4px);
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
  }
  /* iOS zooms the page into any field below 16 px. */
  @media (pointer: coarse) {
    .grow::after,
    textarea {
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
    background: var(--_tint);
    color: var(--_muted);
  }
  .note {
    padding: 5px 8px 0;
    font-size: 0.8em;
    color: var(--_muted);
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
    padding: 1px 8px;
    gap: 4px;
    color: var(--_text);
    font-weight: 600;
    background: var(--_tint);
  }
  .delivery button:hover {
    background: var(--_line);
  }
  .sending .text {
    opacity: 0.75;
  }
  .failed > .line {
    background: color-mix(in oklab, var(--_danger) 9%, var(--_bg));
  }
  .actions {
    position: absolute;
    display: flex;
    inset-block-start: 6px;
    inset-inline-end: 6px;
    border-radius: 9px;
    color: var(--_muted);
    opacity: 0;
  }
  .actions button {
    min-inline-size: 30px;
    block-size: 30px;
  }
  .message:hover .actions,
  .message:focus-within .actions {
    opacity: 1;
    background: var(--_own);
  }
  .actions button:hover {
    color: var(--_danger);
  }
  .actions .confirming {
    block-size: 25px;
    padding-inline: 10px;
    font-size: 0.85em;
    font-weight: 650;
    color: var(--_danger);
    box-shadow: inset 0 0 0 1px var(--_danger);
  }
  @media (hover: none) {
    .actions {
      opacity: 1;
    }
  }
`;
