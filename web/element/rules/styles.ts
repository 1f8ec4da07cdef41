import { css } from 'lit';

export const rulesStyles = css`
  .pinned {
    margin-block-start: 0.53em;
    padding: 0.33em 0.67em;
    border-radius: 11px;
    background: var(--_own);
    font-size: 0.93em;
  }
  .alone {
    padding-inline: 0.8em;
    padding-block-end: 0.53em;
  }
  .pinned summary {
    display: flex;
    align-items: center;
    gap: 0.4em;
    min-block-size: 24px;
    cursor: pointer;
    list-style: none;
  }
  .pinned summary::-webkit-details-marker {
    display: none;
  }
  .pinned summary span {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pinned .text {
    max-block-size: 8.7em;
    overflow-y: auto;
  }
  dialog {
    inline-size: min(26em, 100vi - 16px);
    max-block-size: calc(100vb - 16px);
    padding: 1.07em;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_bg);
    color: var(--_text);
    overflow-wrap: anywhere;
  }
  dialog::backdrop {
    background: #0008;
  }
  dialog h3 {
    font-size: 1.1em;
    font-weight: 700;
  }
  dialog h4 {
    margin: 1.2em 0 0.27em;
    font: inherit;
    font-weight: 700;
  }
  blockquote {
    max-block-size: 5.1em;
    margin: 0.67em 0;
    padding-inline-start: 0.67em;
    border-inline-start: 3px solid var(--_line);
    overflow-y: auto;
  }
  dialog label {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 2px 0.8em;
    min-block-size: 2.4em;
    padding-block: 0.2em;
  }
  dialog label:has(input) {
    flex-wrap: nowrap;
  }
  dialog :is(select, input) {
    font: inherit;
    color: inherit;
    accent-color: var(--_accent-text);
  }
  select {
    min-block-size: 2.1em;
    max-inline-size: 100%;
    padding: 0 0.4em;
    border: 1px solid var(--_edge);
    border-radius: 9px;
    background: var(--_field);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0.53em;
    margin-block-start: 0.8em;
  }
  .buttons .chip {
    min-block-size: 2.27em;
    padding-inline: 0.93em;
  }
  .main:not([aria-disabled='true']) {
    background: var(--_danger);
    color: var(--_bg);
  }
  .main[aria-disabled='true'] {
    color: var(--_muted);
  }
  @media (pointer: coarse) {
    dialog label,
    .pinned summary {
      min-block-size: 44px;
    }
    select {
      min-block-size: 44px;
      font-size: max(1em, 16px);
    }
  }
`;
