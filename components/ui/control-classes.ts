/** One look for everything that is typed into or chosen from. */
export const controlClasses =
  "w-full min-w-0 rounded-md border border-line-strong bg-surface text-base text-ink transition-colors placeholder:text-ink-muted focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent-ink aria-invalid:border-failed disabled:bg-sunken disabled:text-ink-muted max-md:text-[1rem]";
