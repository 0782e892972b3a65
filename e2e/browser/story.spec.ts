import type { Page } from "@playwright/test";
import { S3Gate } from "../api/support/s3-gate";
import { openPage } from "./open-page";
import { ConnectionPage } from "./pages/connection-page";
import { NewConnectionPage } from "./pages/new-connection-page";
import { ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

/** One installation from its first connection on; each test goes on where the one before it ended. */
test.describe.configure({ mode: "serial" });

let bench: ConsoleBench;
let gate: S3Gate;
let endpoint: string;
let bucket: string;

test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: true });
  gate = new S3Gate(bench.server.endpoint);
  endpoint = await gate.open();
  bucket = await bench.bucket({
    "users/ada/notes.md": "# Notes\n\nThe marmot whistles when the eagle comes.",
    "users/bob/plan.txt": "Bob plans a bridge of rope.",
    "readme.txt": "Read this first.",
  });
});
test.afterAll(async () => {
  await bench.close();
  await gate.close();
});

const url = (address: string) => `${bench.sluice.url}${address}`;

async function openSignedIn(page: Page, address: string): Promise<void> {
  await bench.signIn(page.context());
  await openPage(page, url(address));
}

const values = () => ({ endpoint, bucket, ...bench.server.user });

test("with nothing connected the overview says what to do, and its button leads to the form", async ({
  page,
}) => {
  await openSignedIn(page, "/");
  await expect(page.getByText("Connect a bucket, and its files become documents")).toBeVisible();
  await page.getByRole("link", { name: "New connection" }).first().click();
  await expect(page).toHaveURL(url("/connections/new"));
});

test("the form asks for what is missing and takes the eye to the first of it", async ({ page }) => {
  await openSignedIn(page, "/connections/new");
  const form = new NewConnectionPage(page);
  await form.connect.click();
  await expect(form.bucket).toBeFocused();
  await expect(form.bucket).toHaveAttribute("aria-invalid", "true");
  await expect(form.secretAccessKey).toHaveAttribute("aria-invalid", "true");
});

test("a wrong secret fails the test at the stage that found it, and connecting says so and stores nothing", async ({
  page,
}) => {
  await openSignedIn(page, "/connections/new");
  const form = new NewConnectionPage(page);
  await form.service("MinIO").click();
  await form.fill({ ...values(), secretAccessKey: "not-the-secret" });
  await form.test.click();
  await expect(form.stage("Reach the endpoint")).toContainText("passed");
  await expect(form.stage("Sign in with the access key")).toContainText("failed");
  await expect(form.stage("List the bucket")).toContainText("skipped");
  await form.connect.click();
  await expect(page.getByRole("alert").filter({ hasText: "secret" })).toBeVisible();
  await expect(form.bucket).toHaveValue(bucket);
  await openPage(page, url("/connections"));
  await expect(page.getByText("Connect a bucket, and its files become documents")).toBeVisible();
});

test("the regex is tried on keys as one types, and says what a wrong one lacks", async ({ page }) => {
  await openSignedIn(page, "/connections/new");
  const form = new NewConnectionPage(page);
  await form.keysToTry.fill("users/ada/notes.md\nusers/eve@example.com/x.md\nreadme.txt");
  await form.regex.fill("users/([^/]+)/");
  await expect(form.pane.getByRole("status").filter({ hasText: "userId" })).toBeVisible();
  await form.regex.fill("users/(?<userId>[^/]+)/");
  await expect(
    form.pane.getByText("3 keys: 1 with a tag of their own, 1 without a match, 1 invalid."),
  ).toBeVisible();
  await expect(form.pane.locator("mark").filter({ hasText: /^ada$/ })).toBeVisible();
});

test("the tested form connects the bucket, and its first sync finishes by itself", async ({ page }) => {
  await openSignedIn(page, "/connections/new");
  const form = new NewConnectionPage(page);
  await form.service("Other S3-compatible").click();
  await form.fill(values());
  await form.region.fill("us-east-1");
  await form.tags.fill("org-123");
  await form.regex.fill("users/(?<userId>[^/]+)/");
  await form.test.click();
  for (const stage of ["Reach the endpoint", "Sign in", "List the bucket", "Read an object"]) {
    await expect(form.stage(stage)).toContainText("passed");
  }
  await expect(form.keysToTry).toHaveValue("readme.txt\nusers/ada/notes.md\nusers/bob/plan.txt");
  await form.connect.click();
  await expect(page).toHaveURL(/\/connections\/[0-9A-Za-z]{22}$/);
  const connection = new ConnectionPage(page);
  await expect(page.getByRole("heading", { level: 1, name: bucket })).toBeVisible();
  await expect(connection.badge("Synced")).toBeVisible();
  await connection.tab("Documents").click();
  await expect(connection.documents.getByRole("row")).toHaveCount(4);
  await expect(connection.documents.getByText("ada", { exact: true })).toBeVisible();
});

test("the search finds the text, marks it, and leads to the document", async ({ page }) => {
  await openSignedIn(page, "/search");
  await page.getByRole("searchbox", { name: "Words to search for" }).fill("marmot whistles");
  const hit = page.getByRole("article").first();
  await expect(hit.locator("mark").first()).toHaveText(/marmot/i);
  await expect(page).toHaveURL(/q=marmot/);
  await page.getByRole("textbox", { name: "Container tag" }).fill("bob");
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await page.getByRole("textbox", { name: "Container tag" }).fill("ada");
  await page.getByRole("article").first().getByRole("link").first().click();
  await expect(page).toHaveURL(/\/documents\//);
  await expect(page.getByText("The marmot whistles when the eagle comes.")).toBeVisible();
});

test("Sync now turns the badge to running at once, and the new run is in the history with what it did", async ({
  page,
}) => {
  await bench.put(bucket, { "readme.txt": "Read this first, and then that." });
  await openSignedIn(page, "/connections");
  await page.getByRole("link", { name: bucket }).click();
  const connection = new ConnectionPage(page);
  await expect(connection.badge("Synced")).toBeVisible();
  gate.letThrough(0);
  const letGo = await holdPosts(page);
  await connection.syncNow.click();
  await expect(connection.badge("Running")).toBeVisible();
  await letGo();
  await expect.poll(() => gate.waiting).toBe(1);
  await expect(connection.badge("Running")).toBeVisible();
  gate.letThrough(Number.POSITIVE_INFINITY);
  await expect(connection.badge("Synced")).toBeVisible();
  await expect(connection.runs.getByRole("row")).toHaveCount(3);
  await expect(connection.runs.getByRole("row").nth(1)).toContainText("1 changed");
  await connection.runs.getByRole("row").nth(1).getByRole("link").click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByText("3 listed:")).toBeVisible();
  await expect(page.getByRole("table").getByText("readme.txt")).toBeVisible();
});

/** Keeps what the page sends from the server until the returned function is called. */
async function holdPosts(page: Page): Promise<() => Promise<void>> {
  const waiting: (() => void)[] = [];
  await page.route("**/*", async (route) => {
    if (route.request().method() === "POST") await new Promise<void>((go) => waiting.push(go));
    await route.continue();
  });
  return async () => {
    await expect.poll(() => waiting.length).toBe(1);
    for (const go of waiting.splice(0)) go();
    await page.unrouteAll({ behavior: "wait" });
  };
}

async function askToRemove(page: Page): Promise<ConnectionPage> {
  await openSignedIn(page, "/connections");
  await page.getByRole("link", { name: bucket }).click();
  const connection = new ConnectionPage(page);
  await connection.tab("Settings").click();
  await connection.askToRemove.click();
  await expect(connection.dialog.getByRole("radio", { name: "Keep 3 documents" })).toBeChecked();
  return connection;
}

const documentCount = async () => {
  const listed = await bench.api<{ pagination: { totalItems: number } }>("/v3/documents/list", {});
  return listed.pagination.totalItems;
};

test("Esc closes the question whether to remove, and gives the focus back", async ({ page }) => {
  const connection = await askToRemove(page);
  await page.keyboard.press("Escape");
  await expect(connection.dialog).toBeHidden();
  await expect(connection.askToRemove).toBeFocused();
});

test("a connection removed with its documents kept leaves them in the search", async ({ page }) => {
  const connection = await askToRemove(page);
  await connection.dialog.getByRole("button", { name: "Remove connection" }).click();
  await expect(page).toHaveURL(url("/connections"));
  await expect(page.getByRole("link", { name: bucket })).toBeHidden();
  expect(await documentCount()).toBe(3);
});

test("a connection removed with its documents takes them out of the search", async ({ page }) => {
  await bench.api("/v3/connections/s3", { metadata: { ...values(), region: "us-east-1" } });
  const connection = await askToRemove(page);
  await connection.dialog.getByRole("radio", { name: "Delete 3 documents" }).click();
  await connection.dialog.getByRole("button", { name: "Remove connection and 3 documents" }).click();
  await expect(page).toHaveURL(url("/connections"));
  await expect.poll(documentCount).toBe(0);
});
