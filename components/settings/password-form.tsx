"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { fieldMessage } from "@/components/form/field-message";
import type { FormAnswer } from "@/components/form/form-answer";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { type ChangePasswordInput, changePasswordInput } from "@/lib/auth/schema";
import { PASSWORD_CHARS_MIN } from "@/lib/core/limits";

const FIELDS = [
  { name: "currentPassword", label: "Present password", autoComplete: "current-password" },
  { name: "newPassword", label: "New password", autoComplete: "new-password" },
] as const;

type PasswordFormProps = { onChangePassword: (input: ChangePasswordInput) => Promise<FormAnswer<unknown>> };

export function PasswordForm({ onChangePassword }: PasswordFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<ChangePasswordInput>({
    resolver: zodResolver(changePasswordInput),
    defaultValues: { currentPassword: "", newPassword: "" },
    mode: "onTouched",
  });
  const change = form.handleSubmit(async (values) => {
    setProblem(null);
    const answer = await onChangePassword(values);
    if (answer.ok) return form.reset();
    const field = FIELDS.find(({ name }) => name === answer.field);
    if (field) form.setError(field.name, { message: answer.message }, { shouldFocus: true });
    else setProblem(answer.message);
  });
  return (
    <form noValidate onSubmit={change} aria-label="Change password" className="flex max-w-sm flex-col gap-4">
      {FIELDS.map(({ name, label, autoComplete }) => (
        <Field
          key={name}
          label={label}
          hint={name === "newPassword" ? `At least ${PASSWORD_CHARS_MIN} characters.` : undefined}
          error={fieldMessage(label, form.formState.errors[name]?.message)}
        >
          {(control) => (
            <PasswordInput
              {...control}
              {...form.register(name)}
              noun={label.toLowerCase()}
              autoComplete={autoComplete}
            />
          )}
        </Field>
      ))}
      {problem !== null && (
        <p role="alert" className="text-sm text-failed-ink">
          {problem}
        </p>
      )}
      <div>
        <Button type="submit" isBusy={form.formState.isSubmitting}>
          Change password
        </Button>
      </div>
    </form>
  );
}
