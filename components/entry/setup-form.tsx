"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { PasswordInput } from "@/components/ui/password-input";
import { type CreateFirstAdministratorInput, email, newPassword } from "@/lib/auth/schema";
import { PASSWORD_CHARS_MIN } from "@/lib/core/limits";
import type { EntryResult } from "./entry-result";
import { FormRefusal } from "./form-refusal";
import { useEntrySubmit } from "./use-entry-submit";
import { useHashToken } from "./use-hash-token";

const fields = z.object({ email, password: newPassword });

type SetupFormProps = { onSetUp: (input: CreateFirstAdministratorInput) => Promise<EntryResult> };

/** Makes the first administrator. Without a token in the address it says where to find the link. */
export function SetupForm({ onSetUp }: SetupFormProps) {
  const token = useHashToken();
  const form = useForm({ resolver: zodResolver(fields), mode: "onTouched" });
  const { submit, isBusy, refusal } = useEntrySubmit(onSetUp, (field, message) => {
    if (field !== "email" && field !== "password") return false;
    form.setError(field, { message }, { shouldFocus: true });
    return true;
  });
  const { errors } = form.formState;

  if (token === null) return <NoToken />;
  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={form.handleSubmit((values) => (token && !isBusy ? submit({ ...values, token }) : undefined))}
    >
      <FormRefusal refusal={refusal} />
      <Field label="Email" error={errors.email && `The email ${errors.email.message}.`}>
        {(control) => (
          <Input {...control} {...form.register("email")} type="email" autoComplete="username" required />
        )}
      </Field>
      <Field
        label="Password"
        hint={`At least ${PASSWORD_CHARS_MIN} characters. A few words in a row do well.`}
        error={errors.password && `The password ${errors.password.message}.`}
      >
        {(control) => (
          <PasswordInput
            {...control}
            {...form.register("password")}
            noun="password"
            autoComplete="new-password"
            required
          />
        )}
      </Field>
      <Button type="submit" tone="primary" isBusy={isBusy} disabled={token === undefined}>
        Create administrator
      </Button>
    </form>
  );
}

function NoToken() {
  return (
    <Notice tone="attention" title="Open the set-up link">
      This address lacks the token that the link ends with. Sluice shows the link in the terminal when it
      starts, or writes it to <code className="font-mono">first-start.txt</code> in its data folder. Start
      Sluice again for a new one.
    </Notice>
  );
}
