import { readFile } from "node:fs/promises";
import path from "node:path";

const MANIFEST = path.resolve(import.meta.dirname, "../../../.next/server/server-reference-manifest.json");

/** Signs in with the sign-in form's own action and gives the cookie that a browser would send from then on. */
export async function consoleCookie(url: string, email: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    headers: {
      origin: url,
      "next-action": await signInActionId(),
      "content-type": "text/plain;charset=UTF-8",
    },
    body: JSON.stringify([{ email, password, next: "/" }]),
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`Signing in gave no cookie, but ${answer.status}: ${await answer.text()}`);
  return cookie;
}

type Manifest = { node: Record<string, { exportedName?: string }> };

async function signInActionId(): Promise<string> {
  const manifest = JSON.parse(await readFile(MANIFEST, "utf8")) as Manifest;
  const found = Object.entries(manifest.node).find(([, { exportedName }]) => exportedName === "signInAction");
  if (found === undefined) throw new Error("The build has no action for signing in.");
  return found[0];
}
