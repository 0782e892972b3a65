"use client";

import { useWatch } from "react-hook-form";
import { RadioList } from "@/components/ui/radio-list";
import { PRESETS } from "@/lib/rules/presets";
import { PresetChoice } from "./preset-choice";
import { TextField } from "./text-field";
import { applyPreset, type ConnectFormApi } from "./use-connect-form";

/** Where the bucket is. */
export function LocationFields({ form }: { form: ConnectFormApi }) {
  const [presetId, addressingStyle] = useWatch({
    control: form.control,
    name: ["presetId", "addressingStyle"],
  });
  const preset = PRESETS[presetId];
  return (
    <>
      <PresetChoice value={presetId} onValueChange={(id) => applyPreset(form, id)} />
      {presetId !== "aws" && (
        <TextField
          form={form}
          name="endpoint"
          label="Endpoint"
          hint={preset.endpointHint}
          type="url"
          inputMode="url"
          isMono
        />
      )}
      <div className="grid grid-cols-2 items-start gap-4 max-sm:grid-cols-1">
        <TextField form={form} name="bucket" label="Bucket" hint="The name alone, without s3://." isMono />
        <TextField form={form} name="region" label="Region" hint={preset.regionHint} isMono />
      </div>
      <TextField
        form={form}
        name="prefix"
        label="Prefix"
        isOptional
        isMono
        placeholder="documents/"
        hint="Only objects whose key starts with this. Empty: the whole bucket."
      />
      {presetId !== "aws" && (
        <RadioList
          label="Addressing style"
          value={addressingStyle}
          onValueChange={(style) => form.setValue("addressingStyle", style)}
          options={[
            { value: "path", label: "Path style", hint: "https://endpoint/bucket/key" },
            { value: "virtual", label: "Virtual-hosted style", hint: "https://bucket.endpoint/key" },
          ]}
        />
      )}
    </>
  );
}
