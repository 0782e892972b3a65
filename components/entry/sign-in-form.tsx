"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PasswordInput } from "@/components/ui/password-input";
import { type SignInInput, signInInput } from "@/lib/auth/schema";
import type { EntryResult } from "./entry-result";
import { FormRefusal } from "./form-refusal";
import { useEntrySubmit } from "./use-entry-submit";
import { useIsHydrated } from "./use-is-hydrated";

const fields = signInInput.omit({ next: true });

type SignInFormProps = {
  /** The path to open afterwards. */
  next: string;
  onSignIn: (input: SignInInput) => Promise<EntryResult>;
};

export function SignInForm({ next, onSignIn }: SignInFormProps) {
  const isHydrated = useIsHydrated();
  const form = useForm({ resolver: zodResolver(fields), mode: "onTouched" });
  const { submit, isBusy, refusal } = useEntrySubmit(onSignIn, (field, message) => {
    if (field !== "email" && field !== "password") return false;
    form.setError(field, { message }, { shouldFocus: true });
    return true;
  });
  const { errors } = form.formState;

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={form.handleSubmit((values) => (isBusy ? undefined : submit({ ...values, next })))}
    >
      <FormRefusal refusal={refusal} />
      <Field label="Email" error={errors.email && `The email ${errors.email.message}.`}>
        {(control) => (
          <Input {...control} {...form.register("email")} type="email" autoComplete="username" required />
        )}
      </Field>
      <Field label="Password" error={errors.password && `The password ${errors.password.message}.`}>
        {(control) => (
          <PasswordInput
            {...control}
            {...form.register("password")}
            noun="password"
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      <Button type="submit" tone="primary" isBusy={isBusy} disabled={!isHydrated}>
        Sign in
      </Button>
    </form>
  );
}
