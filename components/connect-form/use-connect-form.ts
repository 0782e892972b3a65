"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { PRESETS, type PresetId } from "@/lib/rules/presets";
import { blankForm, type ConnectFormValues, connectFormSchema } from "./form-values";

/** Validates a field when it is left and again with each key as it is mended. */
export function useConnectForm() {
  return useForm<ConnectFormValues>({
    resolver: zodResolver(connectFormSchema),
    defaultValues: blankForm(),
    mode: "onTouched",
    // It would follow the order in which fields were made, and the endpoint's comes and goes.
    shouldFocusError: false,
  });
}

export type ConnectFormApi = ReturnType<typeof useConnectForm>;

/** Fills in what the service prescribes. Bucket, prefix and keys stay as they were typed. */
export function applyPreset(form: ConnectFormApi, id: PresetId): void {
  const preset = PRESETS[id];
  form.setValue("presetId", id);
  form.setValue("endpoint", preset.endpoint ?? "");
  form.setValue("region", preset.region);
  form.setValue("addressingStyle", preset.addressingStyle);
  form.clearErrors(["endpoint", "region"]);
}
