"use client";

import { useWatch } from "react-hook-form";
import { RadioList } from "@/components/ui/radio-list";
import { DOCUMENT_LIMIT_MAX } from "@/lib/core/limits";
import { formatCount } from "@/lib/rules/format";
import { TextField } from "./text-field";
import type { ConnectFormApi } from "./use-connect-form";

/** How often, how many, and what becomes of what is gone. */
export function RuleFields({ form }: { form: ConnectFormApi }) {
  const [kind, deletionPolicy] = useWatch({
    control: form.control,
    name: ["scheduleKind", "deletionPolicy"],
  });
  return (
    <>
      <RadioList
        label="Schedule"
        value={kind}
        onValueChange={(next) => form.setValue("scheduleKind", next)}
        options={[
          { value: "interval", label: "Every 4 hours" },
          { value: "cron", label: "By a cron expression" },
          { value: "manual", label: "Manual only" },
        ]}
      />
      {kind === "cron" && (
        <div className="grid grid-cols-2 items-start gap-4 max-sm:grid-cols-1">
          <TextField
            form={form}
            name="cron"
            label="Cron expression"
            placeholder="30 9 * * *"
            isMono
            hint="Five fields."
          />
          <TextField
            form={form}
            name="timeZone"
            label="Time zone"
            isOptional
            placeholder="Europe/Berlin"
            hint="Empty: UTC."
          />
        </div>
      )}
      <TextField
        form={form}
        name="documentLimit"
        label="Document limit"
        inputMode="numeric"
        hint={`The most documents this connection may store, up to ${formatCount(DOCUMENT_LIMIT_MAX)}. The rest are counted, not stored.`}
      />
      <RadioList
        label="When an object is gone from the bucket"
        value={deletionPolicy}
        onValueChange={(next) => form.setValue("deletionPolicy", next)}
        options={[
          {
            value: "remove",
            label: "Remove its document",
            hint: "When very many are gone at once, Sluice holds the removals and asks.",
          },
          { value: "keep", label: "Keep its document" },
        ]}
      />
    </>
  );
}
