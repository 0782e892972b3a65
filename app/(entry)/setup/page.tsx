import type { Metadata } from "next";
import { SetupForm } from "@/components/entry/setup-form";
import { ButtonLink } from "@/components/ui/button-link";
import { currentVisitor } from "@/lib/http/console-page";
import { setUpAction } from "../actions";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage() {
  const { isSetUp } = await currentVisitor();
  if (isSetUp) return <AlreadySetUp />;
  return (
    <>
      <header className="flex flex-col gap-1">
        <h1 className="text-2xl font-semibold">Set up Sluice</h1>
        <p className="text-ink-muted">Choose how you will sign in. You then connect your first bucket.</p>
      </header>
      <SetupForm onSetUp={setUpAction} />
    </>
  );
}

function AlreadySetUp() {
  return (
    <>
      <header className="flex flex-col gap-1">
        <h1 className="text-2xl font-semibold">Sluice is already set up</h1>
        <p className="text-ink-muted">
          Its administrator exists, so this link opens nothing any more. If the password is lost, run{" "}
          <code className="font-mono">npm run admin -- reset</code> on the server.
        </p>
      </header>
      <ButtonLink href="/sign-in" tone="primary">
        Sign in
      </ButtonLink>
    </>
  );
}
