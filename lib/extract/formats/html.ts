import { type Handler, Parser } from "htmlparser2";
import { TEXT_BYTES_MAX } from "@/lib/core/limits";
import type { ReadText } from "../clean-text";
import { type Dropping, isDropped } from "./html-elements";
import { HtmlText } from "./html-text";

/** The parser is fed in slices so that it can stop once there is text enough. */
const SLICE_CHARS = 16 * 1024;
/** The parser's time grows with the square of the depth; a deeper page is read on as though all were closed. */
const DEPTH_MAX = 2_000;
/** Dropping page furniture that leaves less than a tenth of the text has dropped the text itself. */
const FURNITURE_SHARE_MAX = 10;
const SHORT_TEXT_CHARS = 200;

/**
 * A page as a person reads it: navigation, forms, scripts and hidden parts left out, headings and list items
 * marked as in Markdown, table cells apart. The title is `<title>`, else the first `<h1>`.
 *
 * Some pages stand inside one form or header as a whole; where next to nothing would be left, only what no
 * reader ever sees (scripts, styles, hidden elements) is dropped.
 */
export function readHtml(html: string): ReadText {
  const strict = walk(html, "furniture");
  if (strict.text.length >= SHORT_TEXT_CHARS) return strict;
  const lenient = walk(html, "invisible");
  return lenient.text.length > strict.text.length * FURNITURE_SHARE_MAX ? lenient : strict;
}

function walk(html: string, dropping: Dropping): ReadText {
  const output = new HtmlText();
  let title = "";
  let firstHeading = "";
  let openTitle = 0;
  let openHeading = 0;
  let droppedDepth = 0;
  let articleDepth = 0;
  let depth = 0;

  const events: Partial<Handler> = {
    onopentag(name, attributes) {
      depth++;
      if (name === "title" && title === "") openTitle++;
      if (name === "h1" && firstHeading.trim() === "") openHeading++;
      if (droppedDepth > 0 || isDropped(name, attributes, { dropping, isInArticle: articleDepth > 0 }))
        droppedDepth++;
      if (droppedDepth > 0) return;
      if (name === "article" || name === "main") articleDepth++;
      output.open(name, attributes);
    },
    ontext(text) {
      if (openTitle > 0) title += text;
      if (openHeading > 0) firstHeading += text;
      if (droppedDepth === 0) output.write(text);
    },
    onclosetag(name) {
      depth--;
      if (name === "title") openTitle = 0;
      if (name === "h1") openHeading = 0;
      if (droppedDepth > 0) {
        droppedDepth--;
        return;
      }
      if (name === "article" || name === "main") articleDepth--;
      output.close(name);
    },
  };

  let parser = new Parser(events);
  let from = 0;
  while (from < html.length && output.length <= TEXT_BYTES_MAX) {
    const end = sliceEnd(html, from);
    parser.write(html.slice(from, end));
    from = end;
    if (depth <= DEPTH_MAX) continue;
    parser.end();
    parser = new Parser(events);
  }
  parser.end();
  return {
    text: output.toString(),
    title: title.trim() || firstHeading.trim() || null,
    isCut: from < html.length,
  };
}

/** Slices end before a tag where they can, so that a new parser never begins inside one. */
function sliceEnd(html: string, from: number): number {
  if (from + SLICE_CHARS >= html.length) return html.length;
  const tag = html.lastIndexOf("<", from + SLICE_CHARS);
  return tag > from ? tag : from + SLICE_CHARS;
}
