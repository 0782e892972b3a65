import Link from "next/link";
import { Logo } from "./logo";
import { RailList } from "./rail-list";

/** The left side from 768 px on. */
export function Rail({ email }: { email: string }) {
  return (
    <div className="w-56 shrink-0 border-r border-line bg-rail max-md:hidden">
      <div className="sticky top-0 flex h-dvh flex-col gap-4 overflow-y-auto px-3 py-4">
        <Link
          href="/"
          className="flex items-center gap-2.5 rounded-md px-1.5 py-1 text-lg font-semibold tracking-tight"
        >
          <Logo />
          Sluice
        </Link>
        <nav aria-label="Main" className="flex flex-1 flex-col">
          <RailList group="work" />
          <hr className="mx-2.5 my-3 border-line" />
          <RailList group="house" />
        </nav>
        <p className="truncate px-2.5 text-xs text-ink-muted" title={email}>
          {email}
        </p>
      </div>
    </div>
  );
}
