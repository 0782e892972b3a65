import { chunkText } from "@/lib/analyze/chunk";
import { tokenize } from "@/lib/analyze/tokens";
import type { ExtractedDocument } from "./extract";
import { extractObject } from "./extract-object";

/** One object's bytes all the way to what is stored: text, chunks, tokens. Never rejects. */
export async function readDocument(name: string, bytes: Uint8Array): Promise<ExtractedDocument> {
  const extraction = await extractObject(name, bytes);
  if (extraction.outcome !== "text") return extraction;
  const { chunks, isCut } = chunkText(extraction.text);
  return {
    ...extraction,
    titleTokens: extraction.title === null ? "" : tokenize(extraction.title),
    chunks: chunks.map(({ content }) => ({ content, tokens: tokenize(content) })),
    areChunksCut: isCut,
  };
}
