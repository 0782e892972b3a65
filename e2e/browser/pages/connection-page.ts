import { PageObject } from "./page-object";

/** The page of one connection, and the dialog that removes it. */
export class ConnectionPage extends PageObject {
  readonly main = this.page.getByRole("main");
  readonly syncNow = this.page.getByRole("button", { name: "Sync now" });
  readonly pause = this.page.getByRole("button", { name: "Pause" });
  readonly resume = this.page.getByRole("button", { name: "Resume" });
  readonly moreRuns = this.page.getByRole("button", { name: "More runs" });
  readonly runs = this.page.getByRole("table", { name: "Sync runs" });
  readonly failures = this.page.getByRole("table", { name: "Failures" });
  readonly documents = this.page.getByRole("table", { name: "Documents" });
  readonly askToRemove = this.page.getByRole("button", { name: "Remove connection…" });
  readonly dialog = this.page.getByRole("alertdialog");

  /** The state beside the title. */
  badge(word: string) {
    return this.main.getByText(word, { exact: true }).first();
  }

  tab(name: string) {
    return this.page.getByRole("tab", { name: new RegExp(`^${name}`) });
  }

  /** Picks from the menu beside "Sync now". */
  async choose(item: string | RegExp): Promise<void> {
    await this.moreRuns.click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }
}
