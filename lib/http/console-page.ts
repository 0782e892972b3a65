import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { hasAdministrator } from "@/lib/auth/has-administrator";
import type { Actor } from "@/lib/core/actor";
import { findSignedIn, type SignedIn } from "./authenticate";
import { type Workplace, workplaceOf } from "./door-call";
import { installation } from "./installation";
import { PATH_HEADER } from "./page-headers";

/**
 * What a page of the console works with. Sends the browser to the sign-in (and back afterwards), or to the set-up
 * when nobody administers yet. Every page asks for itself; a layout that asked would not run again for each of them.
 *
 *     const { actor, read, now } = await currentPage();
 */
export async function currentPage(): Promise<Workplace & SignedIn> {
  const opened = installation();
  const sent = await headers();
  const signedIn = await findSignedIn(sent);
  if (signedIn !== null) return { ...workplaceOf(opened), ...signedIn };
  if (!(await opened.database.reading((tx) => hasAdministrator({ tx })))) redirect("/setup");
  const path = sent.get(PATH_HEADER) ?? "/";
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}

/** Who is signed in; redirects as `currentPage` does. */
export async function currentActor(): Promise<Actor> {
  return (await currentPage()).actor;
}

/** For the pages in front of the sign-in: how far Sluice and this browser are. */
export async function currentVisitor(): Promise<{ isSetUp: boolean; isSignedIn: boolean }> {
  const sent = await headers();
  const isSetUp = await installation().database.reading((tx) => hasAdministrator({ tx }));
  return { isSetUp, isSignedIn: (await findSignedIn(sent)) !== null };
}
