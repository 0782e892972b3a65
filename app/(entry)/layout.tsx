import type { ReactNode } from "react";
import { Logo } from "@/components/frame/logo";

/** The pages in front of the sign-in: one narrow column, in the middle where there is room. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-12">
      <p className="flex items-center gap-2 text-lg font-medium">
        <Logo />
        Sluice
      </p>
      {children}
    </main>
  );
}
