import AxeBuilder from "@axe-core/playwright";
import { openPage } from "./open-page";
import { EntryPage } from "./pages/entry-page";
import { ADMIN, ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

/** One installation from its first page to its first sign-in; each test goes on where the one before it ended. */
test.describe.configure({ mode: "serial" });

let bench: ConsoleBench;

test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: false });
});
test.afterAll(() => bench.close());

const url = (address: string) => `${bench.sluice.url}${address}`;

test("before the set-up every page leads to it, and without the link's token it says where to find one", async ({
  page,
}) => {
  await openPage(page, url("/connections"));
  await expect(page).toHaveURL(/\/setup/);
  await expect(page.getByText("Open the set-up link")).toBeVisible();
});

test("the set-up link makes the first administrator and leads to the first connection", async ({ page }) => {
  await openPage(page, await bench.setupLink());
  const entry = new EntryPage(page);
  await expect(entry.create).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await entry.fill(ADMIN.email, "short");
  await entry.create.click();
  await expect(page.getByText(/^The password .*12/)).toBeVisible();
  await expect(entry.password).toBeFocused();
  await entry.password.fill(ADMIN.password);
  await entry.create.click();
  await expect(page).toHaveURL(url("/connections/new"));
  await expect(page.getByRole("heading", { level: 1, name: "New connection" })).toBeVisible();
});

test("the set-up link works once", async ({ page }) => {
  await openPage(page, await bench.setupLink());
  await expect(page.getByRole("heading", { name: "Sluice is already set up" })).toBeVisible();
});

test("a wrong password is refused, the right one opens the page that was asked for, signing out closes it", async ({
  page,
}) => {
  await openPage(page, url("/settings"));
  await expect(page).toHaveURL(/\/sign-in/);
  const entry = new EntryPage(page);
  await entry.fill(ADMIN.email, "not the password at all");
  await entry.signIn.click();
  await expect(page.getByRole("alert").filter({ hasText: /password/i })).toBeVisible();
  await entry.fill(ADMIN.email, ADMIN.password);
  await entry.signIn.click();
  await expect(page).toHaveURL(url("/settings"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await openPage(page, url("/connections"));
  await expect(page).toHaveURL(/\/sign-in/);
});
