import { openPage } from "./open-page";
import { ConnectionPage } from "./pages/connection-page";
import { NewConnectionPage } from "./pages/new-connection-page";
import { ConsoleBench } from "./support";
import { expect, test } from "./watched-test";

const TABS_MAX = 60;

let bench: ConsoleBench;

test.beforeAll(async () => {
  bench = await ConsoleBench.open({ isSetUp: true });
});
test.afterAll(() => bench.close());

test("a bucket is connected from the first Tab to the last Enter without a pointer", async ({ page }) => {
  const bucket = await bench.bucket({ "a.txt": "The pika dries flowers." });
  const { user, endpoint } = bench.server;
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/connections/new`);
  const form = new NewConnectionPage(page);
  const { keyboard } = page;

  await keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await keyboard.press("Enter");
  await tabTo("the services", () => form.service("AWS S3"));
  for (let presses = 0; presses < 5; presses++) await keyboard.press("ArrowRight");
  await expect(form.service("Other S3-compatible")).toBeChecked();

  await tabTo("the endpoint", () => form.endpoint);
  await keyboard.insertText(endpoint);
  await tabTo("the bucket", () => form.bucket);
  await keyboard.insertText(bucket);
  await tabTo("the region", () => form.region);
  await keyboard.press("ControlOrMeta+a");
  await keyboard.insertText("us-east-1");
  await tabTo("the access key ID", () => form.accessKeyId);
  await keyboard.insertText(user.accessKeyId);
  await tabTo("the secret", () => form.secretAccessKey);
  await keyboard.insertText(user.secretAccessKey);
  await tabTo("the test", () => form.test);
  await keyboard.press("Enter");
  await expect(form.stage("Read an object")).toContainText("passed");
  await expect(form.test).toBeFocused();
  await tabTo("the last button", () => form.connect);
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/\/connections\/[0-9A-Za-z]{22}$/);
  await expect(new ConnectionPage(page).badge("Synced")).toBeVisible();

  async function tabTo(what: string, find: () => ReturnType<typeof form.service>): Promise<void> {
    for (let presses = 0; presses < TABS_MAX; presses++) {
      await keyboard.press("Tab");
      if (await find().evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Tab does not reach ${what}.`);
  }
});

test("the slash key leads to the search, and n to a new connection", async ({ page }) => {
  await bench.signIn(page.context());
  await openPage(page, `${bench.sluice.url}/documents`);
  await expect(page.getByRole("heading", { level: 1, name: "Documents" })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page).toHaveURL(/\/search/);
  await expect(page.getByRole("searchbox", { name: "Words to search for" })).toBeFocused();
  await openPage(page, `${bench.sluice.url}/connections`);
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/connections\/new/);
});
