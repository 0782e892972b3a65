import Link from "next/link";
import { documentName } from "@/components/documents/document-name";
import { ObjectKey } from "@/components/ui/object-key";
import { ShownText } from "@/components/ui/shown-text";
import { Tag } from "@/components/ui/tag";
import type { SearchPassage, SearchResult } from "@/lib/search/schema";
import { excerpt } from "./excerpt";

const PASSAGES_SHOWN = 2;

/** One answer: the document, where it comes from, its best passages with the match marked. */
export function SearchHit({ result }: { result: SearchResult }) {
  const { documentId, key, title, containerTags, passages } = result;
  return (
    <article className="flex min-w-0 flex-col gap-1.5 border-b border-line py-4">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="min-w-0 truncate text-base font-medium">
          <Link
            href={`/documents/${documentId}`}
            className="rounded-sm hover:underline hover:decoration-line-strong hover:underline-offset-4"
          >
            <ShownText text={documentName({ id: documentId, key, title })} />
          </Link>
        </h2>
        <Score score={result.score} />
      </div>
      {passages.slice(0, PASSAGES_SHOWN).map((passage) => (
        <Passage key={passage.chunkId} passage={passage} />
      ))}
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        {key !== null && <ObjectKey text={key} />}
        <span className="flex min-w-0 flex-wrap gap-1">
          {containerTags.map((tag) => (
            <Tag key={tag} text={tag} />
          ))}
        </span>
      </div>
    </article>
  );
}

function Passage({ passage }: { passage: SearchPassage }) {
  return (
    <p className="line-clamp-5 max-w-[85ch] text-base text-ink wrap-anywhere">
      {excerpt(passage.content, passage.marks).map(({ text, isMarked }, at) => {
        const Element = isMarked ? "mark" : "span";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of one passage never change places.
          <Element key={at}>
            <ShownText text={text.replaceAll(/\s+/g, " ")} />
          </Element>
        );
      })}
    </p>
  );
}

function Score({ score }: { score: number }) {
  return (
    <span className="flex shrink-0 items-center gap-2 text-xs text-ink-muted tabular-nums">
      <svg aria-hidden viewBox="0 0 32 4" className="h-1 w-8">
        <rect width="32" height="4" rx="2" className="fill-line" />
        <rect width={Math.max(1, 32 * score)} height="4" rx="2" className="fill-accent" />
      </svg>
      <span>
        <span className="sr-only">score </span>
        {score.toFixed(2)}
      </span>
    </span>
  );
}
