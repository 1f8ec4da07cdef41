/** Unread messages of each box that shows them in the page's title. The title begins with their sum: "(3) Title". */
const counts = new Map<object, number>();
const PREFIX = /^\(\d+\+?\) /;

export function showInTitle(box: object, unread: number): void {
  if (unread > 0) counts.set(box, unread);
  else if (!counts.delete(box)) return;
  let total = 0;
  for (const count of counts.values()) total += count;
  const title = document.title.replace(PREFIX, '');
  document.title = total > 0 ? `(${total > 99 ? '99+' : total}) ${title}` : title;
}
