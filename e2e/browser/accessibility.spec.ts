import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fixture } from "../api/support/workbench";
import { openPage } from "./open-page";
import { ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const LOOKS = [
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 1440 },
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 390 },
] as const;

let bench: ConsoleBench;
let connectionId: string;
let runId: string;
let planId: string;
let pausedId: string;
let documentId: string;

/** A connection with documents, a failure, skipped objects and a plan, and another one that is paused. */
test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: true });
  const bucket = await bench.bucket({
    "users/ada/notes.md": await fixture("handbook.md"),
    "users/bob/invoice.txt": await fixture("invoice.pdf"),
    "users/eve@example.com/x.txt": "No legal tag.",
    "damaged.pdf": await fixture("invoice-damaged.pdf"),
    "empty.txt": "",
  });
  const { user, endpoint } = bench.server;
  const metadata = { ...user, bucket, endpoint, region: "us-east-1" };
  const created = await bench.api<{ id: string }>("/v3/connections/s3", {
    metadata: {
      ...metadata,
      containerTagRegex: "users/(?<userId>[^/]+)/",
    },
    containerTags: ["org-123"],
  });
  connectionId = created.id;
  await expect.poll(async () => (await newestRun())?.status).toBe("completed");
  runId = (await newestRun())?.id ?? "";
  await bench.put(bucket, { "new.txt": "Planned, and not read." });
  const planned = await bench.api<{ run: { id: string } }>(`/v3/connections/${connectionId}/sync-runs`, {
    kind: "plan",
  });
  planId = planned.run.id;
  await expect.poll(async () => (await newestRun())?.status).toBe("completed");
  const other = await bench.api<{ id: string }>("/v3/connections/s3", {
    metadata: { ...metadata, prefix: "users/" },
  });
  pausedId = other.id;
  await bench.api(`/v3/connections/${pausedId}/pause`, {});
  const listed = await bench.api<{ memories: { id: string; status: string }[] }>("/v3/documents/list", {});
  documentId = listed.memories.find(({ status }) => status === "done")?.id ?? "";
});
test.afterAll(() => bench.close());

async function newestRun(): Promise<{ id: string; status: string } | undefined> {
  const answer = await fetch(`${bench.sluice.url}/v3/connections/${connectionId}/sync-runs`, {
    headers: { authorization: `Bearer ${bench.sluice.apiKey}` },
  });
  const runs = (await answer.json()) as { id: string; status: string }[];
  return runs[0];
}

type Place = {
  name: string;
  address: () => string;
  heading: string | RegExp;
  open?: (page: Page) => Promise<void>;
};

const SIGNED_IN: Place[] = [
  { name: "the overview", address: () => "/", heading: "Overview" },
  { name: "the connections", address: () => "/connections", heading: "Connections" },
  { name: "the form of a connection", address: () => "/connections/new", heading: "New connection" },
  { name: "a connection's runs", address: () => `/connections/${connectionId}`, heading: /^sluice-/ },
  ...["documents", "failures", "settings", "code"].map((tab) => ({
    name: `a connection's ${tab}`,
    address: () => `/connections/${connectionId}?tab=${tab}`,
    heading: /^sluice-/,
  })),
  { name: "objects", address: () => `/connections/${connectionId}/objects?outcome=skipped`, heading: /./ },
  { name: "a run", address: () => `/runs/${runId}`, heading: /^Sync run/ },
  { name: "a dry run", address: () => `/runs/${planId}`, heading: /^Dry run/ },
  { name: "a paused connection", address: () => `/connections/${pausedId}`, heading: /^sluice-/ },
  { name: "the documents", address: () => "/documents", heading: "Documents" },
  { name: "a document", address: () => `/documents/${documentId}`, heading: /./ },
  { name: "the search with an answer", address: () => "/search?q=gate", heading: "Search" },
  { name: "the search without one", address: () => "/search?q=nosuchword", heading: "Search" },
  { name: "the API keys", address: () => "/api-keys", heading: "API keys" },
  { name: "the settings", address: () => "/settings", heading: "Settings" },
  {
    name: "the question whether to remove",
    address: () => `/connections/${connectionId}?tab=settings`,
    heading: /^sluice-/,
    open: async (page) => {
      await page.getByRole("button", { name: "Remove connection…" }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
    },
  },
  {
    name: "the menu of runs",
    address: () => `/connections/${connectionId}`,
    heading: /^sluice-/,
    open: async (page) => {
      await page.getByRole("button", { name: "More runs" }).click();
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  {
    name: "the question whether to read everything again",
    address: () => `/connections/${connectionId}`,
    heading: /^sluice-/,
    open: async (page) => {
      await page.getByRole("button", { name: "More runs" }).click();
      await page.getByRole("menuitem", { name: /^Read everything again/ }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
    },
  },
  {
    name: "the question whether to apply a plan",
    address: () => `/runs/${planId}`,
    heading: /^Dry run/,
    open: async (page) => {
      await page.getByRole("button", { name: "Apply this plan…" }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
    },
  },
  {
    name: "the form with its refusals",
    address: () => "/connections/new",
    heading: "New connection",
    open: async (page) => {
      await page.getByRole("button", { name: "Connect bucket" }).click();
      await expect(page.getByRole("textbox", { name: "Bucket" })).toHaveAttribute("aria-invalid", "true");
    },
  },
];

async function expectAccessible(page: Page, place: Place): Promise<void> {
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await openPage(page, `${bench.sluice.url}${place.address()}`);
    // A dialog hides what is behind it from roles, so the page is looked at before one opens.
    await expect(page.getByRole("heading", { level: 1, name: place.heading })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expect(page.locator("[role=tablist]:not(:has([tabindex='0']))")).toHaveCount(0);
    await place.open?.(page);
    const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    );
    expect.soft(found, `${place.name}, ${colorScheme}, ${width} px`).toEqual([]);
    expect.soft(await isWiderThanScreen(page), `${place.name} scrolls sideways at ${width} px`).toBe(false);
  }
}

function isWiderThanScreen(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

for (const place of SIGNED_IN) {
  test(`${place.name}: nothing against WCAG 2.2 AA, in light and dark, wide and narrow`, async ({ page }) => {
    await bench.signIn(page.context());
    await expectAccessible(page, place);
  });
}

test("the sign-in page: nothing against WCAG 2.2 AA, in light and dark, wide and narrow", async ({
  page,
}) => {
  await expectAccessible(page, { name: "signing in", address: () => "/sign-in", heading: "Sign in" });
});

test("the menu of a narrow screen: nothing against WCAG 2.2 AA", async ({ page }) => {
  await bench.signIn(page.context());
  await page.setViewportSize({ width: 390, height: 900 });
  await openPage(page, `${bench.sluice.url}/`);
  await page.getByRole("button", { name: "Open the menu" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
