"use client";

import type { ComponentProps, ReactNode } from "react";
import { fieldMessage } from "@/components/form/field-message";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ConnectFormValues } from "./form-values";
import type { ConnectFormApi } from "./use-connect-form";

type TextFieldProps = Pick<ComponentProps<"input">, "placeholder" | "inputMode" | "type" | "list"> & {
  form: ConnectFormApi;
  name: keyof ConnectFormValues;
  label: string;
  hint?: ReactNode;
  isOptional?: boolean;
  isMono?: boolean;
};

/** A line of text of the form, with its message. */
export function TextField({
  form,
  name,
  label,
  hint,
  isOptional = false,
  isMono = false,
  ...rest
}: TextFieldProps) {
  const error = fieldMessage(label, form.formState.errors[name]?.message);
  return (
    <Field label={label} hint={hint} isOptional={isOptional} error={error}>
      {(control) => (
        <Input
          {...rest}
          {...control}
          {...form.register(name)}
          spellCheck={false}
          autoCapitalize="off"
          className={isMono ? "font-mono" : undefined}
        />
      )}
    </Field>
  );
}
