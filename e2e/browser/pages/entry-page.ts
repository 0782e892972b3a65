import { PageObject } from "./page-object";

/** The pages in front of the console: set-up and sign-in. */
export class EntryPage extends PageObject {
  readonly email = this.page.getByLabel("Email", { exact: true });
  readonly password = this.page.getByLabel("Password", { exact: true });
  readonly create = this.page.getByRole("button", { name: "Create administrator" });
  readonly signIn = this.page.getByRole("button", { name: "Sign in" });

  async fill(email: string, password: string): Promise<void> {
    await this.email.fill(email);
    await this.password.fill(password);
  }
}
