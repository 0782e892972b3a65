import { test as base, expect, type Page } from "@playwright/test";

/** A page on which nothing may go wrong unseen: no error in its console, no broken script, nothing its policy blocks. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const problems = watch(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

export { expect };

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`broken script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  return problems;
}
