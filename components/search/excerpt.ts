type Range = { start: number; end: number };
export type Stretch = { text: string; isMarked: boolean };

const EXCERPT_CHARS = 420;
const BEFORE_FIRST_MARK = 90;

/**
 * The part of a passage around its first match, as stretches that are marked or not. A passage without marks is
 * shown from its start. Cut ends carry an ellipsis, and words are not cut where a space is near.
 */
export function excerpt(content: string, marks: readonly Range[]): Stretch[] {
  const first = marks[0]?.start ?? 0;
  const wanted = first > BEFORE_FIRST_MARK ? first - BEFORE_FIRST_MARK : 0;
  const start = content.length <= EXCERPT_CHARS ? 0 : wordStart(content, wanted, first);
  const end = Math.min(content.length, start + EXCERPT_CHARS);
  const stretches: Stretch[] = start > 0 ? [{ text: "… ", isMarked: false }] : [];
  let from = start;
  for (const mark of marks) {
    if (mark.start < from || mark.end > end) continue;
    if (mark.start > from) stretches.push({ text: content.slice(from, mark.start), isMarked: false });
    stretches.push({ text: content.slice(mark.start, mark.end), isMarked: true });
    from = mark.end;
  }
  if (from < end) stretches.push({ text: content.slice(from, end), isMarked: false });
  if (end < content.length) stretches.push({ text: " …", isMarked: false });
  return stretches;
}

function wordStart(content: string, wanted: number, limit: number): number {
  if (wanted === 0) return 0;
  const space = content.slice(wanted, limit).search(/\s/);
  return space === -1 ? wanted : wanted + space + 1;
}
