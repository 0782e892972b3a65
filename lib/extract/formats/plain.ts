import type { ReadText } from "../clean-text";

/** Text, logs, configuration and source code are stored as they stand; none of them names its own title. */
export function readPlain(text: string): ReadText {
  return { text, title: null, isCut: false };
}
