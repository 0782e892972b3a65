import type { Preset } from "@/lib/rules/presets";

/** Two letters on a tile, in the place of a logo. The service's name stands beside it or in its title. */
export function ProviderMark({ preset }: { preset: Preset }) {
  return (
    <span
      aria-hidden
      title={preset.label}
      className="grid size-6 shrink-0 place-items-center rounded-md border border-line bg-sunken font-mono text-[0.625rem] font-medium text-ink-muted"
    >
      {preset.mark}
    </span>
  );
}
