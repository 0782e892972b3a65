"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { tagsOf } from "@/components/connect-form/form-values";
import { fieldMessage } from "@/components/form/field-message";
import type { FormAnswer } from "@/components/form/form-answer";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type CreateApiKeyInput, createApiKeyInput } from "@/lib/api-keys/schema";

/** `tags` is one line as people type it; it is judged as the list it stands for. */
const formSchema = z
  .object({ name: createApiKeyInput.shape.name, tags: z.string() })
  .superRefine((values, context) => {
    const parsed = createApiKeyInput.shape.tags.safeParse(listOf(values.tags));
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message ?? "are not valid";
      context.addIssue({ code: "custom", path: ["tags"], message: `Each tag ${message}` });
    }
  });

const listOf = (text: string) => (tagsOf(text).length > 0 ? tagsOf(text) : null);

type CreateKeyFormProps = { onCreate: (input: CreateApiKeyInput) => Promise<FormAnswer<unknown>> };

export function CreateKeyForm({ onCreate }: CreateKeyFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(formSchema),
    defaultValues: { name: "", tags: "" },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = form.formState;
  const create = form.handleSubmit(async ({ name, tags }) => {
    const answer = await onCreate({ name, tags: listOf(tags) });
    setProblem(answer.ok ? null : answer.message);
  });
  return (
    <form noValidate onSubmit={create} className="flex flex-col gap-4">
      <Field
        label="Name"
        hint="What will use it: an app, a script, a person."
        error={fieldMessage("Name", errors.name?.message)}
      >
        {(control) => <Input {...control} {...form.register("name")} />}
      </Field>
      <Field
        label="Container tags"
        isOptional
        hint="Confines the key to documents that have one of these tags. Empty: it may see and change everything."
        error={fieldMessage("Tags", errors.tags?.message)}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("tags")}
            className="font-mono"
            spellCheck={false}
            autoCapitalize="off"
          />
        )}
      </Field>
      {problem !== null && (
        <p role="alert" className="text-sm text-failed-ink">
          {problem}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" tone="primary" isBusy={isSubmitting}>
          Create API key
        </Button>
      </div>
    </form>
  );
}
