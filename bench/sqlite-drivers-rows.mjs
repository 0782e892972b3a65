/** The rows that the comparison of SQLite drivers writes: the same for the same numbers, on each driver. */
const WORDS = Array.from({ length: 3_000 }, (_, n) => `w${(n * 7919).toString(36)}`);

export const keyOf = (round, n) =>
  `folder/${String(round).padStart(5, "0")}/${n < 0 ? "" : `${String(n).padStart(6, "0")}.txt`}`;

export function objects(round, count, version) {
  return Array.from({ length: count }, (_, n) => ({
    key: keyOf(round, n),
    etag: `"${version}${round}-${n}"`,
    sizeBytes: 2_000 + n,
    lastModified: 1_790_000_000_000 + n,
    storageClass: "STANDARD",
    outcome: "queued",
    reason: null,
    message: null,
    seenEtag: null,
    wantedRun: "run",
    wantedTags: "bench",
  }));
}

export function documents(round, count) {
  return Array.from({ length: count }, (_, n) => {
    const chunks = [0, 1].map((position) => ({
      content: text(round, n * 2 + position),
      tokens: `every ${text(round, n * 2 + position)}`,
    }));
    return {
      id: `document-${round}-${n}`,
      connectionId: "connection",
      objectKey: keyOf(round, n),
      origin: "bench",
      customId: keyOf(round, n),
      title: `title ${n}`,
      type: "text",
      content: chunks.map((chunk) => chunk.content).join("\n"),
      contentHash: "0".repeat(64),
      url: "",
      metadata: { bucket: "bench", size: n },
      sourceEtag: '"a"',
      sizeBytes: 2_000,
      sourceModified: 1,
      extractorVersion: 1,
      isCut: false,
      tags: "bench,second",
      titleTokens: `title ${n}`,
      chunks,
    };
  });
}

/** About 1,000 characters; the same for the same numbers. */
function text(round, n) {
  return Array.from(
    { length: 170 },
    (_, at) => WORDS[(round * 31 + n * 17 + at * at * 13) % WORDS.length],
  ).join(" ");
}

export const search = (round) => ({
  match: {
    mode: "any",
    groups: [WORDS[round % WORDS.length], WORDS[(round * 37) % WORDS.length]].map((word) => [
      { words: [word], isPrefix: false },
    ]),
  },
  scope: { tags: ["bench"], allowedTags: null, documentIds: null },
  limit: 100,
});
