import { css } from 'lit';

/** Styles of the composer, the account menu, the user's own messages and the buttons at messages. */
export const writingStyles = css`
  .account,
  .field {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.27em;
  }
  .me {
    --_avatar: 1.6em;
  }
  .field {
    align-items: flex-end;
    gap: 0.4em;
    padding: 0.33em;
    background: var(--_field);
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) - 4px);
  }
  .field:focus-within {
    outline: 2px solid var(--_text);
    outline-offset: -1px;
  }
  .account .chip {
    padding-inline: 0.76em;
    font-size: 0.88em;
  }
  .grow {
    flex: 1 1 6em;
    align-self: center;
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
    padding: 0.47em 0.53em;
    border: 0;
    white-space: pre-wrap;
    line-height: 1.4;
  }
  textarea {
    inline-size: 100%;
    resize: none;
    overflow: hidden;
    background: none;
    border-radius: 8px;
  }
  /* iOS zooms into a field with the focus if its text is smaller than 16 px. */
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
  .sign-in,
  .you {
    background: var(--_accent);
    color: var(--_on-accent);
    box-shadow: inset 0 0 0 1px var(--_accent-edge);
    font-weight: 700;
  }
  .send,
  .sign-in {
    min-inline-size: 2.4em;
    min-block-size: 2.4em;
    border-radius: calc(var(--_radius) - 9px);
  }
  .sign-in {
    padding-inline: 0.86em;
    font-size: 0.93em;
  }
  .send[aria-disabled='true'] {
    background: var(--_tint);
    color: var(--_muted);
    box-shadow: none;
  }
  .note {
    padding: 0.42em 0.67em 0;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .note a {
    color: inherit;
  }
  .note:empty {
    display: none;
  }
  .over {
    color: var(--_danger);
    font-weight: 600;
  }
  @container (inline-size < 22em) {
    .composer {
      padding-inline: 0.53em;
    }
  }
  .own > .line {
    background: var(--_own);
  }
  .own + .own:not(.follows, :has(.heading)) > .line {
    margin-block-start: 3px;
  }
  /* Overlaps the row above, so that no gap shows between the backgrounds where heights are fractions of a pixel. */
  .own.follows {
    margin-block-start: -1px;
  }
  .own.follows > .line {
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }
  .own:has(+ .follows) > .line {
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }
  .you {
    padding: 0 0.56em;
    border-radius: 99px;
    font-size: 0.72em;
    line-height: 1.6;
  }
  .delivery {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 0.67em;
    padding-block-start: 2px;
    font-size: 0.8em;
    color: var(--_muted);
  }
  .delivery strong {
    color: var(--_danger);
    font-weight: 700;
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
    inset-block-start: 0.4em;
    inset-inline-end: 0.4em;
    border-radius: 9px;
    color: var(--_muted);
    opacity: 0;
  }
  .actions button {
    min-inline-size: 2em;
    block-size: 2em;
  }
  .message:is(:hover, :focus-within) .actions {
    opacity: 1;
    background: var(--_own);
  }
  .actions button:hover {
    color: var(--_danger);
  }
  .actions .confirming {
    block-size: 1.96em;
    padding-inline: 0.78em;
    font-size: 0.85em;
    font-weight: 700;
    color: var(--_danger);
    box-shadow: inset 0 0 0 1px;
  }
  /* Without a mouse, the buttons always show. They are beside the text, or below it if they do not fit. */
  @media (hover: none), (pointer: coarse) {
    .line {
      flex-wrap: wrap;
    }
    .said {
      flex-basis: 5em;
    }
    .actions {
      position: static;
      margin-inline-start: auto;
      align-self: start;
      opacity: 1;
    }
  }
`;
