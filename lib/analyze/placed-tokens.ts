import { widthAt } from "./characters";
import { foldCompound, foldWord } from "./fold";
import { normalizeWithOffsets } from "./normalize";
import { scanText } from "./scan";
import { gramsOf } from "./tokens";

/** A token and the characters of the text it stands for; `end` is exclusive. */
export type PlacedToken = { token: string; start: number; end: number };

/** The tokens that `tokenize` gives, with their places: the words in their order, and what is added to them. */
export function placeTokens(text: string): { inOrder: PlacedToken[]; added: PlacedToken[] } {
  const { normalized, startOf, endOf } = normalizeWithOffsets(text);
  const inOrder: PlacedToken[] = [];
  const added: PlacedToken[] = [];
  const place = (token: string, start: number, end: number): PlacedToken => ({
    token,
    start: startOf(start),
    end: endOf(end - 1),
  });
  scanText(normalized, {
    word(start, end) {
      const { token, parts } = foldWord(normalized.slice(start, end));
      if (token !== "") inOrder.push(place(token, start, end));
      for (const part of parts) added.push(place(part, start, end));
    },
    compound(start, end) {
      const token = foldCompound(normalized.slice(start, end));
      if (token !== null) added.push(place(token, start, end));
    },
    run(start, end) {
      let at = start;
      for (const gram of gramsOf(normalized.slice(start, end))) {
        inOrder.push(place(gram, at, at + gram.length));
        at += widthAt(normalized, at);
      }
    },
  });
  return { inOrder, added };
}
