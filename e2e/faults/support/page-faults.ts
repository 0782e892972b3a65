import type { Answer } from "./deliver";
import type { Asked, Fault, Forward, Rule } from "./fault-proxy";

/** A page of ListObjectsV2 as the store wrote it; `entries` are its `Contents` elements, one string each. */
export type Page = { entries: string[]; nextToken: string | null };

const ENTRY = /<Contents>.*?<\/Contents>/gs;
const NEXT_TOKEN = /<NextContinuationToken>(.*?)<\/NextContinuationToken>/s;
const GAP = "gap-";

/** Every page of the scope comes as `change` makes it; null leaves it as it is. */
export function everyPage(change: (page: Page, asked: Asked) => Page | null): Rule {
  const fault: Fault = async (asked, forward) => changedPage(await forward(), (page) => change(page, asked));
  return (asked) => (asked.isScope ? fault : null);
}

/** The nth page that is asked for comes as `change` makes it. */
export function nthPage(count: number, fault: Fault): Rule {
  return (asked) => (asked.isScope && asked.count === count ? fault : null);
}

/** The page after the one that was asked for, as if that one did not exist: the listing still looks complete. */
export const skipPage: Fault = async (_, forward) => {
  const { nextToken } = pageOf(await forward());
  if (nextToken === null) throw new Error("There is no page after this one to skip to.");
  return forward({ params: { "continuation-token": nextToken, "start-after": null } });
};

/** The listing ends here, whatever follows. */
export const endListing: Fault = async (_, forward) =>
  changedPage(await forward(), ({ entries }) => ({ entries, nextToken: null }));

/** A listing of nothing, complete and well-formed. */
export const emptyListing: Fault = async (_, forward) =>
  changedPage(await forward(), () => ({ entries: [], nextToken: null }));

/** The listing goes on, but the page does not say how. */
export const loseToken: Fault = async (_, forward) => {
  const answer = await forward();
  return { ...answer, body: Buffer.from(answer.body.toString("utf8").replace(NEXT_TOKEN, "")) };
};

/** The keys of a page stand in it backwards. */
export const backwards = everyPage(({ entries, nextToken }) => ({
  entries: entries.toReversed(),
  nextToken,
}));

/** The token that a page was asked for with is given again for the next. */
export const repeatedTokens = everyPage(({ entries }, { params }) => {
  const token = params.get("continuation-token");
  return token === null ? null : { entries, nextToken: token };
});

/** The nth page holds the keys of the page before it once more, and none of its own. */
export function repeatedPage(count: number): Rule {
  return rememberingPages((page, previous, asked) =>
    asked.count === count ? { ...page, entries: previous.entries } : null,
  );
}

/** Every page begins with the last key of the page before it. */
export function overlappingPages(): Rule {
  return rememberingPages((page, previous) => ({
    ...page,
    entries: [...previous.entries.slice(-1), ...page.entries],
  }));
}

/** Before each page that a token leads to comes one without a key. */
export const emptyPagesBetween: Rule = (asked) => (asked.isScope ? putGap : null);

const putGap: Fault = async ({ params }, forward) => {
  const token = params.get("continuation-token");
  if (token === null) return forward();
  if (token.startsWith(GAP)) return forward({ params: { "continuation-token": token.slice(GAP.length) } });
  return changedPage(await forward(), () => ({ entries: [], nextToken: `${GAP}${token}` }));
};

/** A store that does not know `StartAfter`. */
export const startAfterIgnored: Rule = (asked) =>
  asked.params.has("start-after")
    ? (_, forward: Forward) => forward({ params: { "start-after": null } })
    : null;

/** Hands every page to `change` together with the one whose token led to it. */
function rememberingPages(change: (page: Page, previous: Page, asked: Asked) => Page | null): Rule {
  const leading = new Map<string, Page>();
  return everyPage((page, asked) => {
    if (page.nextToken !== null) leading.set(page.nextToken, page);
    const previous = leading.get(asked.params.get("continuation-token") ?? "");
    return previous === undefined ? null : change(page, previous, asked);
  });
}

/** Keys of a page as they stand in it, percent-encoded. */
export function encodedKeys({ entries }: Page): string[] {
  return entries.map((entry) => /<Key>(.*?)<\/Key>/s.exec(entry)?.[1] ?? "");
}

export function pageOf({ body }: Answer): Page {
  const text = body.toString("utf8");
  return { entries: text.match(ENTRY) ?? [], nextToken: NEXT_TOKEN.exec(text)?.[1] ?? null };
}

function changedPage(answer: Answer, change: (page: Page) => Page | null): Answer {
  if (answer.status !== 200) return answer;
  const page = change(pageOf(answer));
  if (page === null) return answer;
  const bare = answer.body
    .toString("utf8")
    .replace(ENTRY, "")
    .replace(NEXT_TOKEN, "")
    .replace(/<IsTruncated>.*?<\/IsTruncated>/s, `<IsTruncated>${page.nextToken !== null}</IsTruncated>`)
    .replace(/<KeyCount>.*?<\/KeyCount>/s, `<KeyCount>${page.entries.length}</KeyCount>`);
  const token =
    page.nextToken === null ? "" : `<NextContinuationToken>${page.nextToken}</NextContinuationToken>`;
  const text = bare.replace(
    "</ListBucketResult>",
    () => `${token}${page.entries.join("")}</ListBucketResult>`,
  );
  return { ...answer, body: Buffer.from(text) };
}
