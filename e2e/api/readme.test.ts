import { afterAll, beforeAll, expect, test } from "vitest";
import { removeMany } from "../support/s3-client.mjs";
import { commandsOf, pagesWithCommands, runCommand } from "./support/documented-commands";
import { S3Gate } from "./support/s3-gate";
import { until } from "./support/until";
import { fixture, Workbench } from "./support/workbench";

let bench: Workbench;
let gate: S3Gate;
let gated: string;

beforeAll(async () => {
  bench = await Workbench.open();
  gate = new S3Gate(bench.server.endpoint);
  gated = await gate.open();
});
afterAll(async () => {
  await gate.close();
  await bench.close();
});

/** What a kind of line is known by, what has to be so before it makes sense, and what it must answer with. */
type Line = {
  name: string;
  isIt: RegExp;
  answer: RegExp;
  before?: (env: Env) => Promise<unknown>;
};
type Env = Record<string, string>;

/** Runs a page from its top to its end. Every line has to be of a kind that is known, and every kind has to be there. */
async function followPage(page: string, env: Env, lines: readonly Line[]): Promise<void> {
  const seen = new Set<string>();
  for (const command of await commandsOf(page)) {
    const line = lines.find(({ isIt }) => isIt.test(command.text));
    if (line === undefined) throw new Error(`Nobody says what this line of ${page} answers: ${command.text}`);
    if (!seen.has(line.name)) await line.before?.(env);
    const answer = await runCommand(command, env);
    expect(answer, command.text).toMatch(line.answer);
    seen.add(line.name);
    await goOn(answer, line, env);
  }
  expect(seen).toEqual(new Set(lines.map(({ name }) => name)));
}

/** A reader takes ids from answers, and goes on when what was asked for is done. */
async function goOn(answer: string, { name }: Line, env: Env): Promise<void> {
  if (name === "create") env.CONNECTION_ID = (JSON.parse(answer) as { id: string }).id;
  const run = answer.startsWith('{"outcome"')
    ? (JSON.parse(answer) as { run: { id: string } | null }).run
    : null;
  if (run !== null) env.RUN_ID = run.id;
  if (env.CONNECTION_ID !== undefined && name !== "delete") await bench.settled(env.CONNECTION_ID);
}

function environment(more: Env): Env {
  return { SLUICE_URL: bench.sluice.url, SLUICE_API_KEY: bench.sluice.apiKey, ...more };
}

const ID = /"id":"[0-9A-Za-z]{22}"/;
const RUNS = /^\[\{"id":"[0-9A-Za-z]{22}","connectionId"/;

test("the README's lines connect a bucket, sync it, search it and remove it as they stand", async () => {
  const { user, endpoint } = bench.server;
  const env = environment({
    AWS_ACCESS_KEY_ID: user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
    S3_ENDPOINT: endpoint,
    S3_BUCKET: await bench.bucket({ "readme.txt": "Reset your password on the sign-in page." }),
  });
  await followPage("README.md", env, [
    { name: "import", isIt: /s3\/import/, answer: /^Importing/ },
    { name: "list", isIt: /connections\/list/, answer: /^\[\{"id":/ },
    { name: "runs", isIt: /sync-runs/, answer: RUNS },
    { name: "search", isIt: /v3\/search/, answer: /"results":\[\{/ },
    { name: "delete", isIt: /DELETE/, answer: /"provider":"s3"/ },
    { name: "create", isIt: /\/v3\/connections\/s3["']?(\s|$)/, answer: ID },
  ]);
});

test("the lines about runs ask, plan, decide, stop and try again as they stand", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`reports/${at}.txt`, `Report ${at}.`]),
  );
  const bucket = await bench.bucket(many);
  const { id } = await bench.connect(bucket, { containerTags: ["runs"], metadata: { endpoint: gated } });
  await followPage("docs/sync-runs.md", environment({ CONNECTION_ID: id }), [
    { name: "changes", isIt: /RUN_ID\/changes/, answer: /"nextAfterKey":/ },
    { name: "failures of a run", isIt: /RUN_ID\/failures/, answer: /^\{"failures":\[/ },
    {
      name: "cancel",
      isIt: /RUN_ID\/cancel/,
      answer: /"state":"(running|canceled)"/,
      before: stopInTheMiddle,
    },
    { name: "run", isIt: /RUN_ID" -H/, answer: /"tally":\{"listed":40/ },
    { name: "sync", isIt: /"kind": "sync"/, answer: /^\{"outcome":"queued","run":\{"id"/ },
    { name: "plan", isIt: /"kind": "plan"/, answer: /"kind":"plan"/ },
    { name: "apply", isIt: /"kind": "apply"/, answer: /"kind":"apply"/ },
    { name: "retry", isIt: /"kind": "retry"/, answer: /"retried":1,"unknownKeys":\[\]/, before: breakOne },
    { name: "hold", isIt: /-G "\$API\/hold"/, answer: /^\{"hold":\{"runId":.*"keys":\["/, before: loseMost },
    { name: "decide", isIt: /POST "\$API\/hold"/, answer: /^\{"keyCount":39,"run":null\}$/ },
    { name: "pause", isIt: /API\/pause/, answer: /"pausedAt":/, before: openGate },
    { name: "resume", isIt: /API\/resume/, answer: ID },
    { name: "failures", isIt: /API\/failures/, answer: /^\{"failures":\[/ },
    { name: "runs", isIt: /"\$API\/sync-runs" -H/, answer: RUNS },
  ]);

  /** Most of the bucket goes at once, and a run has seen it. */
  async function loseMost(env: Env): Promise<void> {
    await removeMany(bench.s3, bucket, Object.keys(many).slice(1));
    env.RUN_ID = (await bench.importOnce(id, "runs")).id;
  }

  /** A run that cannot come to its end by itself. */
  async function stopInTheMiddle(env: Env): Promise<void> {
    gate.letThrough(0);
    await bench.put(bucket, { "new.txt": "Waits behind the gate." });
    await bench.client.connections.import("s3", { containerTags: ["runs"] });
    await until("the run waits for an object", async () => gate.waiting > 0);
    const [newest] = await bench.runs(id);
    env.RUN_ID = newest?.id ?? "";
  }

  async function openGate(): Promise<void> {
    gate.letThrough(Number.POSITIVE_INFINITY);
  }

  async function breakOne(): Promise<void> {
    await bench.put(bucket, { "reports/2026.pdf": await fixture("invoice-damaged.pdf") });
    await bench.importOnce(id, "runs");
  }
});

test("the lines about settings change a connection as they stand", async () => {
  const { id } = await bench.connect(await bench.bucket({ "a.txt": "A heron." }));
  await followPage("docs/connections.md", environment({ CONNECTION_ID: id }), [
    { name: "external id", isIt: /external-id/, answer: /"externalId":"\w{22}"/ },
    { name: "change", isIt: /PATCH/, answer: /"scheduleIntervalMinutes":30/ },
  ]);
});

test("the lines about deleting documents delete them as they stand", async () => {
  const bucket = await bench.bucket({ "a.txt": "A heron.", "b.txt": "A reed.", "c.txt": "A pond." });
  const containerTags = ["org-123", "deleted-here"];
  const { id } = await bench.connect(bucket, { containerTags });
  const [document] = (await bench.documentsByKey(containerTags)).values();
  const env = environment({ CONNECTION_ID: id, DOCUMENT_ID: document?.id ?? "" });
  await followPage("docs/documents.md", env, [
    { name: "one", isIt: /DOCUMENT_ID" -H/, answer: /^$/ },
    { name: "named", isIt: /"ids"/, answer: /^\{"success":false,"deletedCount":0,"errors":\[/ },
    { name: "tagged", isIt: /"containerTags"/, answer: /^\{"success":true,"deletedCount":0,/ },
    { name: "tag", isIt: /container-tags\/org-123/, answer: /"deletedDocumentsCount":[1-9]/ },
  ]);
  expect((await bench.documentsByKey(containerTags)).size).toBe(0);
  const run = await bench.importOnce(id, "deleted-here");
  expect(run.tally).toMatchObject({ listed: 3, skipped: { deleted_by_person: 3 } });
});

test("no page has lines that nobody runs", async () => {
  const run = ["README.md", "docs/connections.md", "docs/documents.md", "docs/sync-runs.md"];
  expect((await pagesWithCommands()).sort()).toEqual(run.sort());
});
