import AxeBuilder from "@axe-core/playwright";
import { removeMany } from "../support/s3-client.mjs";
import { openPage } from "./open-page";
import { ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

/** A bucket that is emptied while its documents are stored; each test goes on where the one before it ended. */
test.describe.configure({ mode: "serial" });

const OBJECTS = {
  "a.txt": "The heron waits.",
  "b.txt": "The otter swims.",
  "c.txt": "The kingfisher dives.",
};

let bench: ConsoleBench;
let bucket: string;
let connectionId: string;

test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: true });
  bucket = await bench.bucket(OBJECTS);
  const { user, endpoint } = bench.server;
  const metadata = { ...user, bucket, endpoint, region: "us-east-1" };
  connectionId = (await bench.api<{ id: string }>("/v3/connections/s3", { metadata })).id;
  await expect.poll(countDocuments).toBe(3);
  await removeMany(bench.s3, bucket, Object.keys(OBJECTS));
});
test.afterAll(() => bench.close());

async function countDocuments(): Promise<number> {
  const { pagination } = await bench.api<{ pagination: { totalItems: number } }>("/v3/documents/list", {});
  return pagination.totalItems;
}

test("an emptied bucket removes nothing and asks on the connection's page and on the overview", async ({
  page,
}) => {
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/connections/${connectionId}`);
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByText("Removals on hold: the objects of 3 of 3 documents")).toBeVisible();
  expect(await countDocuments()).toBe(3);
  const onConnection = await new AxeBuilder({ page }).analyze();
  expect(onConnection.violations.map(({ id }) => id)).toEqual([]);

  await openPage(page, bench.sluice.url);
  await expect(page.getByText(/on hold/i).first()).toBeVisible();
  const onOverview = await new AxeBuilder({ page }).analyze();
  expect(onOverview.violations.map(({ id }) => id)).toEqual([]);
});

/** The run whose list waits. */
async function heldBy(): Promise<string | undefined> {
  const answer = await fetch(`${bench.sluice.url}/v3/connections/${connectionId}`, {
    headers: { authorization: `Bearer ${bench.sluice.apiKey}` },
  });
  return ((await answer.json()) as { hold?: { runId: string } }).hold?.runId;
}

test("a decision about a list that another run has replaced since is refused, and says so", async ({
  page,
}) => {
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/connections/${connectionId}`);
  await page.getByRole("button", { name: "Keep them…" }).click();
  const shown = await heldBy();
  await bench.api(`/v3/connections/${connectionId}/sync-runs`, { kind: "sync" });
  await expect.poll(heldBy).not.toBe(shown);
  const dialog = page.getByRole("alertdialog", { name: "Keep 3 documents?" });
  await dialog.getByRole("button", { name: "Keep 3 documents" }).click();
  await expect(dialog.getByRole("alert")).toContainText("has changed since it was shown");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Removals on hold: the objects of 3 of 3 documents")).toBeVisible();
});

test("applying names the count, removes the documents and takes the question away", async ({ page }) => {
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/connections/${connectionId}`);
  await page.getByRole("button", { name: "Remove 3 documents…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Remove 3 documents?" });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await dialog.getByRole("button", { name: "Remove 3 documents" }).click();
  await expect.poll(countDocuments).toBe(0);
  await expect(page.getByText("Removals on hold")).toHaveCount(0);
});
