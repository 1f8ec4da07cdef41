import { ROLE } from './person.ts';

/** Names that the page offers as buttons, so that nobody has to type. */
const suggested = ['alice', 'bob', 'carol'];
const suggestedModerator = 'mira';

/** Returns the sign-in page as HTML. A click on a suggested name signs in. The page works without JavaScript. */
export function signInPage(action: string, hint: string | undefined): string {
  const buttons = suggested.map((name) => button(name)).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Who are you today?</title>
<style>
  :root { font: 16px/1.4 system-ui, sans-serif; --line: light-dark(#d9dce3, #3b3f4a); --accent: light-dark(#4353ff, #8f9bff) }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f8, #15171c) }
  main { box-sizing: border-box; width: min(22rem, 100% - 2rem); padding: 1.75rem; border-radius: 1rem;
    background: light-dark(#fff, #1e2128); box-shadow: 0 1px 2px #0002, 0 12px 40px #0002 }
  h1 { margin: 0; font-size: 1.25rem }
  p { margin: .25rem 0 1.25rem; color: light-dark(#5b6170, #a2a8b6); font-size: .875rem }
  form { display: grid; gap: .5rem; margin-bottom: .5rem }
  button, input { font: inherit; color: inherit; padding: .6rem .75rem; border-radius: .6rem; border: 1px solid var(--line); background: none }
  button { display: flex; align-items: center; gap: .7rem; text-align: start; cursor: pointer }
  button:hover { border-color: var(--accent) }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
  i { display: grid; place-items: center; width: 1.9rem; height: 1.9rem; border-radius: 50%; font-style: normal; font-weight: 600;
    background: color-mix(in oklab, var(--accent) 18%, transparent) }
  .other { grid-template-columns: 1fr auto; margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line) }
  .other button + button { grid-column: 1 / -1; background: none; color: inherit; border-color: var(--line); justify-content: center }
  .other button { background: var(--accent); border-color: var(--accent); color: light-dark(#fff, #15171c); font-weight: 600 }
  input { min-width: 0 }
</style>
<main>
<h1>Who are you today?</h1>
<p>It believes whatever you say.</p>
<form method="post" action="${escapeHtml(action)}">
${buttons}
</form>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="role" value="${ROLE}">
${button(suggestedModerator, `, a ${ROLE}`)}
</form>
<form method="post" action="${escapeHtml(action)}" class="other">
<input name="name" aria-label="Another name" placeholder="Another name" required maxlength="64" autocomplete="off" value="${escapeHtml(hint ?? '')}">
<button>Continue</button>
<button name="role" value="${ROLE}">Continue as a ${ROLE}</button>
</form>
</main>
</html>`;
}

function button(name: string, more = ''): string {
  return `<button name="name" value="${name}"><i aria-hidden="true">${name[0]!.toUpperCase()}</i><span>Continue as <b>${name}</b>${more}</span></button>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
