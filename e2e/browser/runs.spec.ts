import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { S3Gate } from "../api/support/s3-gate";
import { fixture } from "../api/support/workbench";
import { removeMany } from "../support/s3-client.mjs";
import { openPage } from "./open-page";
import { ConnectionPage } from "./pages/connection-page";
import { ADMIN, ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** One connection through everything its runs can do; each test goes on where the one before it ended. */
test.describe.configure({ mode: "serial" });

const TEXTS = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => [`notes/${String(at).padStart(2, "0")}.txt`, `Note ${at}.`]),
);
/** Turns what follows it around, unless it is written out. */
const HOSTILE_KEY = "notes/\u202Efdp.txt";

let bench: ConsoleBench;
let gate: S3Gate;
let bucket: string;
let connectionId: string;
let planAddress: string;

test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: true });
  gate = new S3Gate(bench.server.endpoint);
  const endpoint = await gate.open();
  const damaged = await fixture("invoice-damaged.pdf");
  bucket = await bench.bucket({ ...TEXTS, "damaged.pdf": damaged, "lost.pdf": damaged });
  const metadata = { ...bench.server.user, bucket, endpoint, region: "us-east-1" };
  connectionId = (await bench.api<{ id: string }>("/v3/connections/s3", { metadata })).id;
});
test.afterAll(async () => {
  await bench.close();
  await gate.close();
});

async function openConnection(page: Page, tab = ""): Promise<ConnectionPage> {
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/connections/${connectionId}${tab}`);
  return new ConnectionPage(page);
}

async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function countDocuments(): Promise<number> {
  const { pagination } = await bench.api<{ pagination: { totalItems: number } }>("/v3/documents/list", {
    status: "done",
  });
  return pagination.totalItems;
}

test("a paused connection says so and since when, and runs nothing until it is resumed", async ({ page }) => {
  const connection = await openConnection(page);
  await expect(connection.badge("Some failed")).toBeVisible();
  await connection.pause.click();
  await expect(connection.badge("Paused")).toBeVisible();
  const since = page.getByText(/^Paused, /).locator("time");
  await expect(since).toHaveAttribute("title", /\d{2}:\d{2}:\d{2} UTC$/);
  await expect(connection.resume).toBeFocused();
  await expect(connection.syncNow).toBeDisabled();
  await expect(connection.moreRuns).toBeDisabled();
  await page.keyboard.press("s");
  await expect(connection.runs.getByRole("row")).toHaveCount(2);
  await expectNoViolation(page);

  await openPage(page, `${bench.sluice.url}/connections`);
  await expect(page.getByRole("button", { name: /^Sync .* now$/ })).toBeDisabled();

  await openConnection(page);
  await connection.resume.click();
  await expect(connection.badge("Some failed")).toBeVisible();
  await expect(connection.syncNow).toBeEnabled();
});

test("the menu opens, moves and closes by keyboard, and gives the focus back", async ({ page }) => {
  const connection = await openConnection(page);
  await expect(connection.badge("Some failed")).toBeVisible();
  await connection.moreRuns.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: /^Retry 2 failed/ })).toBeFocused();
  await expectNoViolation(page);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: /^Dry run/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(connection.moreRuns).toBeFocused();
});

test("a dry run shows what a sync would do, key by key, and does none of it", async ({ page }) => {
  await bench.put(bucket, { "notes/00.txt": "Note 0, written anew.", [HOSTILE_KEY]: "A new note." });
  await removeMany(bench.s3, bucket, ["notes/01.txt"]);
  gate.forget();
  const connection = await openConnection(page);
  await connection.choose(/^Dry run/);
  await expect(page).toHaveURL(/\/runs\//);
  planAddress = page.url();
  await expect(page.getByRole("heading", { level: 1, name: /^Dry run, / })).toBeVisible();
  await expect(page.getByRole("link", { name: "1 new", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "1 changed", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "1 removed", exact: true })).toBeVisible();
  await expect(page.getByText("about 1 LIST request and 2 GET requests")).toBeVisible();
  await expect(page.getByText("Can be applied until")).toBeVisible();
  const keys = page.getByRole("table", { name: "Changes by key" });
  await expect(keys.getByText("\\u202E", { exact: true })).toBeVisible();
  await expectNoViolation(page);
  await page.getByRole("button", { name: "Removed", exact: true }).click();
  await expect(keys.getByRole("row")).toHaveCount(2);
  await expect(keys).toContainText("01.txt");
  expect(gate.objects).toEqual([]);
  expect(await countDocuments()).toBe(12);
});

test("applying names the removals on its button, does the plan, and is done once", async ({ page }) => {
  await bench.signIn(page.context());
  await openPage(page, planAddress);
  const apply = page.getByRole("button", { name: "Apply this plan…" });
  await apply.click();
  const dialog = page.getByRole("alertdialog", { name: "Apply this plan?" });
  await expect(dialog).toContainText(
    "1 new object read, 1 changed object read again, 1 document removed from search.",
  );
  await expectNoViolation(page);
  await page.keyboard.press("Escape");
  await expect(apply).toBeFocused();
  await apply.click();
  await dialog.getByRole("button", { name: "Apply plan and remove 1 document" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Applied plan, / })).toBeVisible();
  await expect(page.getByRole("main").getByText("Some failed")).toBeVisible();
  await expect(page.getByRole("link", { name: "1 removed", exact: true })).toBeVisible();
  expect(await countDocuments()).toBe(12);

  await openPage(page, planAddress);
  await expect(page.getByText("This plan was applied already. Ask for a new one.")).toBeVisible();
  await expect(apply).toHaveCount(0);
  await page.getByRole("button", { name: "Dry run again" }).click();
  await expect(page).not.toHaveURL(planAddress);
  // What failed before is not read again, and is all that is left to say.
  const keys = page.getByRole("table", { name: "Changes by key" });
  await expect(keys.getByRole("row")).toHaveCount(3);
  await expect(keys.getByText("Failed", { exact: true })).toHaveCount(2);
});

test("while a dry run waits another is refused with the reason, and canceling ends it before it began", async ({
  page,
}) => {
  await bench.put(bucket, { "notes/20.txt": "Never read in this run." });
  const connection = await openConnection(page);
  gate.letThrough(0);
  await connection.syncNow.click();
  await expect.poll(() => gate.waiting).toBeGreaterThan(0);
  await connection.choose(/^Dry run/);
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole("main").getByText("Queued", { exact: true })).toBeVisible();
  const waiting = page.url();
  await openConnection(page);
  await connection.choose(/^Dry run/);
  await expect(page.getByText("There is no dry run")).toBeVisible();
  await expect(page.getByText(/^A plan waits, and one run of a connection waits at a time/)).toBeVisible();
  await openPage(page, waiting);
  await page.getByRole("button", { name: "Cancel run" }).click();
  await expect(page.getByText(`Canceled by ${ADMIN.email} before it began.`)).toBeVisible();
  await expect(page.getByText("This plan did not complete, so there is nothing to apply.")).toBeVisible();
});

test("a run under way is canceled from the history, ends, and says who ended it", async ({ page }) => {
  const connection = await openConnection(page);
  const running = connection.runs.getByRole("row").nth(2);
  await expect(running).toContainText("Running");
  expect(gate.waiting).toBeGreaterThan(0);
  await running.getByRole("button", { name: "Cancel run (Sync)" }).click();
  await expect(running).toContainText("Canceled");
  gate.letThrough(Number.POSITIVE_INFINITY);
  await expect(running.getByRole("button")).toHaveCount(0);
  await running.getByRole("link").click();
  await expect(page.getByText("Why it was canceled")).toBeVisible();
  await expect(page.getByText("A person canceled this run. What it had done is kept.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel run" })).toHaveCount(0);
});

test("one failed object is tried again and leaves the list; one that still fails stays in it", async ({
  page,
}) => {
  await bench.put(bucket, { "damaged.pdf": await fixture("invoice.pdf") });
  const connection = await openConnection(page, "?tab=failures");
  await expect(connection.failures.getByRole("row")).toHaveCount(3);
  await expect(connection.failures).toContainText("The text cannot be taken out");
  await expectNoViolation(page);
  await page.getByRole("button", { name: "Try damaged.pdf again" }).click();
  await expect(page.getByText("Trying 1 object again")).toBeVisible();
  await expect(connection.failures.getByRole("row")).toHaveCount(2);
  await expect(connection.failures).toContainText("lost.pdf");

  await page.getByRole("button", { name: "Try all 1 object again" }).click();
  await connection.tab("Runs").click();
  const newest = connection.runs.getByRole("row").nth(1);
  await expect(newest).toContainText("Retry");
  await expect(newest).toContainText("Some failed");
  await newest.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: /^Retry of failed objects/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "Failures" })).toContainText("lost.pdf");
  await expect(page.getByText("Time by stage")).toBeVisible();
  await expectNoViolation(page);
});

test("reading everything again asks first, then fetches what has not changed, too", async ({ page }) => {
  const connection = await openConnection(page);
  gate.forget();
  await connection.choose(/^Read everything again/);
  await expectNoViolation(page);
  await page.keyboard.press("Escape");
  await expect(connection.dialog).toBeHidden();
  await expect(connection.moreRuns).toBeFocused();
  expect(gate.objects).toEqual([]);
  await connection.choose(/^Read everything again/);
  await connection.dialog.getByRole("button", { name: "Read everything again" }).click();
  await expect(connection.runs.getByRole("row").nth(1)).toContainText("Everything again");
  await expect(connection.runs.getByRole("row").nth(1)).toContainText("Some failed");
  expect(gate.objects).toContain("notes/05.txt");
});
