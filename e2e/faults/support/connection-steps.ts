import { z } from "zod";
import type { WireRun, Workbench } from "../../api/support/workbench";
import type { Rows } from "./rows";
import { OWN_TAG, QUERIES, TAG_REGEX } from "./sample-objects";
import { waitUntil } from "./wait-until";

const HITS_MAX = 100;

const searchAnswer = z.object({ results: z.object({ metadata: z.object({ key: z.string() }) }).array() });

/** Connects the bucket with the sample's tags; the first run is queued. */
export async function connectTo(
  bench: Workbench,
  bucket: string,
  metadata: Record<string, string>,
): Promise<string> {
  const { id } = await bench.client.connections.create("s3", {
    containerTags: [OWN_TAG],
    metadata: bench.metadata(bucket, { containerTagRegex: TAG_REGEX, ...metadata }),
  });
  return id;
}

/** Resolves once its documents are gone, so that no search finds them. */
export async function disconnectFrom(bench: Workbench, rows: Rows, connectionId: string): Promise<void> {
  await bench.client.connections.deleteByID(connectionId);
  await waitUntil("the documents of a disconnected connection are gone", async () => {
    const left = await rows.all(`SELECT 1 FROM document WHERE connection_id = '${connectionId}' LIMIT 1`);
    return left.length === 0;
  });
}

/** The newest run once it is over. */
export function endedRun(
  bench: Workbench,
  connectionId: string,
  tell: () => Promise<unknown>,
): Promise<WireRun> {
  return waitUntil(
    "the run is over",
    async () => {
      const [newest] = await bench.runs(connectionId);
      return newest !== undefined && newest.status !== "running" && newest;
    },
    tell,
  );
}

/** The keys that each of the fixed questions finds, by the API. */
export async function searchHits(bench: Workbench): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const q of QUERIES) {
    const answer = await bench.call("/v3/search", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ q, limit: HITS_MAX }),
    });
    const { results } = searchAnswer.parse(await answer.json());
    found[q] = results.map(({ metadata }) => metadata.key).toSorted();
  }
  return found;
}
