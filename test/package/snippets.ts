/** A fenced block of code in a page of the documentation. */
export interface Snippet {
  language: string;
  /** The nearest heading above it. */
  heading: string;
  code: string;
}

/** Reads the fenced blocks of a Markdown page. */
export function snippetsOf(markdown: string): Snippet[] {
  let heading = '';
  const snippets: Snippet[] = [];
  for (const [, title, language, code] of markdown.matchAll(/^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms)) {
    if (title !== undefined) heading = title;
    else snippets.push({ language: language!, heading, code: code! });
  }
  return snippets;
}
