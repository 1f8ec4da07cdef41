/** Created on first use, because creating it takes a third as long as loading all of sendMessage. */
let segmenter: Intl.Segmenter | undefined;

/** Splits a text into what people see as characters: 👩‍👩‍👧 is one. */
export function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of graphemesOf(text)) count++;
  return count;
}
