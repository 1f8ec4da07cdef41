import { css } from 'lit';

/** The design's values. A page may set every `--shout-*`; `--_*` are derived from them. */
export const tokens = css`
  :host {
    display: block;
    block-size: var(--shout-height, max(34em, 544px));
  }
  :host([hidden]) {
    display: none;
  }
  .box {
    /* Ignores text styles that the box would inherit from the page. */
    all: initial;
    box-sizing: border-box;
    pointer-events: inherit;
    /* Without transparency, because the background behind a transparent accent would affect how readable text is. */
    --_accent: color(from var(--shout-accent, #ffb71b) srgb r g b / 1);
    /* Text is white on a dark accent and black on a light one. y is the accent's luminance. At 0.1791, white and black
       have the same contrast with the accent (WCAG 2.2, 1.4.3). */
    --_white: calc((0.1791 - y) * 1e6);
    --_on-accent: var(--shout-on-accent, color(from var(--_accent) xyz var(--_white) var(--_white) var(--_white)));
    --_bg: var(--shout-background, light-dark(#fff, #17151d));
    --_field: var(--shout-field, light-dark(#f8f6f2, #211e29));
    --_text: var(--shout-text, light-dark(#1b1721, #f4f1ea));
    --_muted: var(--shout-muted, light-dark(#67606d, #aaa3b3));
    --_line: var(--shout-line, light-dark(#e9e5df, #312d3b));
    --_edge: var(--shout-edge, light-dark(#8d8692, #7d7688));
    --_danger: var(--shout-danger, light-dark(#b3261e, #ff9d92));
    --_radius: var(--shout-radius, 18px);
    --_avatar: var(--shout-avatar-size, 2.4em);
    --_gap: var(--shout-gap, 0.8em);
    --_own: color-mix(in oklab, var(--_accent) 14%, var(--_bg));
    /* The accent for text, made dark enough for a light background and light enough for a dark one. */
    --_accent-text: light-dark(
      oklch(from var(--_accent) min(l, 0.55) c h),
      oklch(from var(--_accent) max(l, 0.75) c h)
    );
    /* The edge of an area filled with the accent. Transparent unless the accent is very light or very dark, because
       only such an accent may look like the background. */
    --_accent-edge: oklch(from var(--_accent) 0.61 c h / calc(max(l - 0.86, 0.4 - l) * 20));
    --_tint: color-mix(in oklab, var(--_text) 8%, transparent);
    color-scheme: light dark;
  }
  .theme-light {
    color-scheme: light;
  }
  .theme-dark {
    color-scheme: dark;
  }
  .theme-page {
    color-scheme: inherit;
  }
`;
