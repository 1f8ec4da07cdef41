import { html, nothing, type TemplateResult } from 'lit/html.js';
import { firstGrapheme } from '../text/graphemes.ts';

interface Person {
  id: string;
  name: string;
  picture?: string | undefined;
}

/**
 * Renders a drawing made from the person's id: ripples that go out from one corner, in a hue that depends on the id,
 * with the person's initial on top. The person's picture covers the drawing once it has loaded.
 */
export function avatar({ id, name, picture }: Person): TemplateResult {
  const seed = hash(id);
  const hue = seed % 360;
  const [cx, cy] = [seed & 512 ? 40 : 0, seed & 1024 ? 40 : 0];
  return html`<span class="avatar" aria-hidden="true"
    ><svg viewBox="0 0 40 40"
      ><rect width="40" height="40" fill="oklch(84% 0.08 ${hue})" /><circle
        cx=${cx} cy=${cy} r="38" fill="oklch(78% 0.1 ${hue})" /><circle
        cx=${cx} cy=${cy} r="27" fill="oklch(72% 0.12 ${hue})" /><circle
        cx=${cx} cy=${cy} r="16" fill="oklch(67% 0.14 ${hue})" /><text
        x="20"
        y="26.5"
        text-anchor="middle"
        fill="oklch(27% 0.08 ${hue})"
        >${firstGrapheme(name).toLocaleUpperCase()}</text
      ></svg
    >${
      picture?.startsWith('https://')
        ? html`<img src=${picture} alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${hide} />`
        : nothing
    }</span
  >`;
}

function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

/** Hashes with FNV-1a. A final mix makes the hues unrelated, even for ids that differ in one character. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 8;
}
