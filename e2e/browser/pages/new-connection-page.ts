import { PageObject } from "./page-object";

export type ConnectionValues = {
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
};

/** The form that connects a bucket, and the pane beside it. */
export class NewConnectionPage extends PageObject {
  readonly endpoint = this.page.getByRole("textbox", { name: "Endpoint" });
  readonly bucket = this.page.getByRole("textbox", { name: "Bucket" });
  readonly region = this.page.getByRole("textbox", { name: "Region" });
  readonly accessKeyId = this.page.getByLabel("Access key ID", { exact: true });
  readonly secretAccessKey = this.page.getByLabel("Secret access key", { exact: true });
  readonly tags = this.page.getByRole("textbox", { name: /^Container tags/ });
  readonly regex = this.page.getByRole("textbox", { name: /^Tag regex/ });
  readonly keysToTry = this.page.getByRole("textbox", { name: "Keys to try it on" });
  readonly test = this.page.getByRole("button", { name: "Test connection" });
  readonly connect = this.page.getByRole("button", { name: "Connect bucket" });
  readonly pane = this.page.getByRole("complementary", { name: "What will happen" });

  service(name: string) {
    return this.page.getByRole("radio", { name, exact: true });
  }

  /** One line of the connection test with its outcome. */
  stage(name: string) {
    return this.pane.getByRole("listitem").filter({ hasText: name });
  }

  async fill(values: ConnectionValues): Promise<void> {
    await this.endpoint.fill(values.endpoint);
    await this.bucket.fill(values.bucket);
    await this.accessKeyId.fill(values.accessKeyId);
    await this.secretAccessKey.fill(values.secretAccessKey);
  }
}
