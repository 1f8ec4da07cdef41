import { css } from 'lit';

export const moderationStyles = css`
  .moderating {
    display: contents;
  }
  .moderating > button {
    position: absolute;
    inset-block-start: 0.4em;
    inset-inline-end: 0.4em;
    min-inline-size: 2em;
    block-size: 2em;
    color: var(--_muted);
    opacity: 0;
  }
  .message:is(:hover, :focus-within) .moderating > button {
    opacity: 1;
    background: var(--_own);
  }
  .moderating > .actions {
    inset-inline-end: 2.5em;
  }
  @media (hover: none), (pointer: coarse) {
    .moderating {
      display: flex;
      flex-wrap: wrap;
      margin-inline-start: auto;
    }
    .moderating > button {
      position: static;
      opacity: 1;
    }
  }
  .panel {
    margin-block-start: 0.53em;
    padding: 0.27em 0.67em;
    font-size: 0.88em;
  }
  .panel strong {
    padding: 0 0.47em;
    border-radius: 99px;
    background: var(--_danger);
    color: var(--_bg);
  }
  dialog .buttons span {
    flex: 1 1 8em;
    color: var(--_muted);
    font-size: 0.88em;
  }
`;
