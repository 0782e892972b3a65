import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { SKIP_REASONS, type SkipReason } from "@/lib/rules/tally";
import { skipWords } from "@/lib/rules/tally-sentence";
import { OBJECT_OUTCOMES, type ObjectFilter, type ObjectOutcome } from "@/lib/sync-runs/schema";

const OUTCOME_WORDS: Record<ObjectOutcome, string> = {
  stored: "Stored",
  skipped: "Skipped",
  over_limit: "Over the limit",
};

const OUTCOME_OPTIONS = OBJECT_OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }));

const REASON_OPTIONS: readonly { value: SkipReason | ""; label: string }[] = [
  { value: "", label: "Any reason" },
  // What has drifted from a plan is a fact about applying it; the manifest knows of none.
  ...SKIP_REASONS.filter((reason) => reason !== "drifted").map((value) => ({
    value,
    label: capitalized(skipWords(value)),
  })),
];

type ObjectFiltersProps = { filter: ObjectFilter; onFilterChange: (filter: ObjectFilter) => void };

export function ObjectFilters({ filter, onFilterChange }: ObjectFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Segmented
        label="What became of the objects"
        options={OUTCOME_OPTIONS}
        value={filter.outcome}
        onValueChange={(outcome) => onFilterChange({ outcome, reason: null })}
      />
      {filter.outcome === "skipped" && (
        <Select
          aria-label="Reason"
          className="w-72 max-sm:w-full"
          options={REASON_OPTIONS}
          value={filter.reason ?? ""}
          onValueChange={(reason) => onFilterChange({ ...filter, reason: reason === "" ? null : reason })}
        />
      )}
    </search>
  );
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
