import type { Page } from "@playwright/test";

/** Opens an address and waits until what is on it answers: before, a press on a button would be lost. */
export async function openPage(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => {
    const controls = [...document.querySelectorAll("main button, main a, main input, main textarea")];
    // React leaves this mark on every element that it has taken over.
    return controls.every((control) => Object.keys(control).some((name) => name.startsWith("__reactProps")));
  });
}
