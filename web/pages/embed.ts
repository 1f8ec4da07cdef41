import '../element/define.ts';
import { server } from './server.ts';

/**
 * Attributes of the box that a page may set in the query of its iframe's address. `server` is not one of them, so that
 * a link to this page cannot lead to the sign-in of another server.
 */
const CHOICES = ['room', 'theme', 'lang', 'page-size', 'announce', 'readonly', 'remember'];

const box = document.createElement('shout-box');
for (const [name, value] of new URLSearchParams(location.search)) {
  if (CHOICES.includes(name)) box.setAttribute(name, value);
}
if (box.lang) document.documentElement.lang = box.lang;
box.server = server;
document.body.append(box);
