import type { Page } from "@playwright/test";

/** A page by the names that its readers know: roles and labels. */
export class PageObject {
  constructor(readonly page: Page) {}
}
