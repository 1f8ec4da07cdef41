import type { GalleryBox } from './gallery-box.ts';
import './gallery-box.ts';
import { scenes } from './scenes.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'auto';
const only = query.get('scene');
const main = document.querySelector('main')!;
document.documentElement.dataset.theme = theme;
if (only) document.documentElement.classList.add('single');

for (const [name, { title, attributes = {} }] of Object.entries(scenes)) {
  if (only && only !== name) continue;
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = title;
  const box = document.createElement('shout-box');
  for (const [key, value] of Object.entries({ ...attributes, room: name, theme })) box.setAttribute(key, value);
  figure.append(caption, box);
  main.append(figure);
}

await document.fonts.ready;
await Promise.all([...document.querySelectorAll<GalleryBox>('shout-box')].map((box) => box.settled));
document.documentElement.classList.add('settled');
