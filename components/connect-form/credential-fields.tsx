"use client";

import { useWatch } from "react-hook-form";
import { fieldMessage } from "@/components/form/field-message";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { PRESETS } from "@/lib/rules/presets";
import type { ConnectFormApi } from "./use-connect-form";

const SECRETS = [
  { name: "accessKeyId", label: "Access key ID" },
  { name: "secretAccessKey", label: "Secret access key" },
] as const;

/** Both halves are hidden as they are typed. They are stored encrypted and never come back to a page. */
export function CredentialFields({ form }: { form: ConnectFormApi }) {
  const presetId = useWatch({ control: form.control, name: "presetId" });
  return (
    <>
      <p className="text-sm text-ink-muted">
        {PRESETS[presetId].credentialsHint} Stored encrypted; no page and no API answer ever shows it again.
      </p>
      {SECRETS.map(({ name, label }) => (
        <Field key={name} label={label} error={fieldMessage(label, form.formState.errors[name]?.message)}>
          {(control) => (
            <PasswordInput
              {...control}
              {...form.register(name)}
              noun={label.toLowerCase()}
              autoComplete="new-password"
              data-1p-ignore
              data-lpignore="true"
            />
          )}
        </Field>
      ))}
    </>
  );
}
