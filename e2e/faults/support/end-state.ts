import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Rows } from "./rows";

/** What invariant 3 speaks of, for one key. `document` is null where none is stored. */
export type KeyState = {
  storedEtag: string | null;
  storedTags: string | null;
  outcome: string;
  reason: string | null;
  document: {
    status: string;
    tags: string[];
    textHash: string | null;
    chunkCount: number;
    chunks: number;
  } | null;
};

/** A connection's end state by invariant 3, without the search hits. Ids and times are no part of it. */
export type EndState = { keys: Record<string, KeyState>; openHolds: number };

const LINES_SHOWN_MAX = 12;
const TIDY_LOOK_MS = 100;
const TIDY_LOOKS_MAX = 150;

const count = z.coerce.number();
const objectRow = z.object({
  key: z.string(),
  stored_etag: z.string().nullable(),
  stored_tags: z.string().nullable(),
  outcome: z.string(),
  reason: z.string().nullable(),
  document_id: z.string().nullable(),
});
const documentRow = z.object({
  id: z.string(),
  status: z.string(),
  content: z.string().nullable(),
  chunk_count: count,
  chunks: count,
});
const tagRow = z.object({ id: z.string(), tag: z.string() });

export async function readEndState(rows: Rows, connectionId: string): Promise<EndState> {
  const of = `connection_id = '${connectionId}'`;
  const objects = objectRow.array().parse(await rows.all(`SELECT * FROM object WHERE ${of}`));
  const documents = documentRow.array().parse(
    await rows.all(`SELECT id, status, content, chunk_count,
      (SELECT count(*) FROM chunk WHERE document_serial = document.serial AND version = chunk_version) AS chunks
      FROM document WHERE ${of}`),
  );
  const tags = tagRow
    .array()
    .parse(
      await rows.all(
        `SELECT d.id, t.tag FROM document_tag t JOIN document d ON d.serial = t.document_serial WHERE d.${of}`,
      ),
    );
  const tagsOf = new Map<string, string[]>();
  for (const { id, tag } of tags) tagsOf.set(id, [...(tagsOf.get(id) ?? []), tag]);
  const byId = new Map(
    documents.map((row) => [
      row.id,
      {
        status: row.status,
        tags: (tagsOf.get(row.id) ?? []).toSorted(),
        textHash: row.content === null ? null : createHash("sha256").update(row.content).digest("hex"),
        chunkCount: row.chunk_count,
        chunks: row.chunks,
      },
    ]),
  );
  const keys = objects.map((row): [string, KeyState] => [
    row.key,
    {
      storedEtag: row.stored_etag,
      storedTags: row.stored_tags,
      outcome: row.outcome,
      reason: row.reason,
      document: byId.get(row.document_id ?? "") ?? null,
    },
  ]);
  const [holds] = await rows.all(
    `SELECT count(*) AS n FROM hold WHERE ${of} AND status IN ('open', 'approved')`,
  );
  return { keys: Object.fromEntries(keys), openHolds: count.parse(holds?.n) };
}

/** What differs, a line a key, the first of them; empty when all is as it would be without a disturbance. */
export function differences(disturbed: EndState, undisturbed: EndState): string[] {
  const keys = new Set([...Object.keys(disturbed.keys), ...Object.keys(undisturbed.keys)]);
  const lines = [...keys].toSorted().flatMap((key) => {
    const [is, shouldBe] = [factsOf(disturbed.keys[key]), factsOf(undisturbed.keys[key])];
    const names = new Set([...Object.keys(is), ...Object.keys(shouldBe)]);
    const unlike = [...names].filter((name) => is[name] !== shouldBe[name]);
    return unlike.map((name) => `${key}: ${name} is ${is[name]}, should be ${shouldBe[name]}`);
  });
  const more = lines.length - LINES_SHOWN_MAX;
  return more > 0 ? [...lines.slice(0, LINES_SHOWN_MAX), `and ${more} more`] : lines;
}

function factsOf(state: KeyState | undefined): Record<string, string> {
  if (state === undefined) return { row: "none" };
  const { document, ...row } = state;
  const facts = { row: "there", ...row, ...(document ?? { document: "none" }) };
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
}

/** Waits for what goes beside the runs: chunks of former versions. */
export async function untilTidy(rows: Rows): Promise<void> {
  for (let look = 0; look < TIDY_LOOKS_MAX; look++) {
    const [row] = await rows.all("SELECT count(*) AS n FROM hidden_chunks WHERE phase = 'retired'");
    if (count.parse(row?.n) === 0) return;
    await pause(TIDY_LOOK_MS);
  }
}

/** What no finished installation may hold, as sentences with their counts. Empty when nothing is stuck. */
export async function findStuck(rows: Rows): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(STUCK).map(async ([what, sql]) => {
      const [row] = await rows.all(`SELECT count(*) AS n FROM ${sql}`);
      const n = count.parse(row?.n);
      return n === 0 ? [] : [`${n} ${what}`];
    }),
  );
  return found.flat();
}

/** Rows of connections that are being removed are the remover's. */
const LIVE = "connection_id IN (SELECT id FROM connection WHERE deleted_at IS NULL)";

const STUCK = {
  "runs wait or run": `sync_run WHERE ${LIVE} AND status IN ('queued', 'running')`,
  "ended runs have a lease": `sync_run WHERE ${LIVE} AND status NOT IN ('queued', 'running') AND lease_token IS NOT NULL`,
  "ranges of completed runs are open":
    "listing_range WHERE status = 'open' AND run_id IN (SELECT id FROM sync_run WHERE status = 'completed')",
  "objects are queued": `object WHERE ${LIVE} AND outcome = 'queued'`,
  "objects lead to no document": `object WHERE ${LIVE} AND document_id IS NOT NULL AND document_id NOT IN (SELECT id FROM document)`,
  "documents have no object":
    "document WHERE connection_id IS NOT NULL AND id NOT IN (SELECT document_id FROM object WHERE document_id IS NOT NULL)",
  "documents are on their way": "document WHERE status NOT IN ('done', 'failed')",
  "keys are staged": "staged_object",
  "batches wait": `read_batch WHERE ${LIVE}`,
  "versions of chunks are hidden": "hidden_chunks",
  "chunks are of no document":
    "chunk c WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.serial = c.document_serial AND d.chunk_version = c.version)",
} as const;
