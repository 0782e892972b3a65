import type { ReactNode } from "react";
import { Rail } from "./rail";
import { TopBar } from "./top-bar";

/** Rail and content. The first thing that Tab reaches jumps over the rail. */
export function Frame({ email, children }: { email: string; children: ReactNode }) {
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-canvas focus:translate-y-0"
      >
        Skip to the content
      </a>
      <div className="flex min-h-dvh max-md:flex-col">
        <header className="contents">
          <Rail email={email} />
          <TopBar email={email} />
        </header>
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-hidden">
          <div className="mx-auto flex max-w-[1264px] flex-col gap-6 px-4 pt-6 pb-16 md:px-8 md:pt-8">
            {children}
          </div>
        </main>
      </div>
    </>
  );
}
