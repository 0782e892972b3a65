import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/entry/sign-in-form";
import { safeNextPath } from "@/lib/auth/schema";
import { currentVisitor } from "@/lib/http/console-page";
import { signInAction } from "../actions";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const { next } = await searchParams;
  const path = safeNextPath(typeof next === "string" ? next : "/");
  const { isSetUp, isSignedIn } = await currentVisitor();
  if (!isSetUp) redirect("/setup");
  if (isSignedIn) redirect(path);
  return (
    <>
      <h1 className="text-2xl font-semibold">Sign in</h1>
      <SignInForm next={path} onSignIn={signInAction} />
    </>
  );
}
