"use client";

import { PlugZap } from "lucide-react";
import { useRef, useState } from "react";
import { focusFirstInvalid } from "@/components/form/focus-first-invalid";
import type { FormAnswer } from "@/components/form/form-answer";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { CheckConnectionInput, CheckResult, ConnectBucketInput } from "@/lib/connections/schema";
import { CheckStages } from "./check-stages";
import { CredentialFields } from "./credential-fields";
import { FormGroup } from "./form-group";
import { type ConnectFormValues, connectFormSchema, connectInputOf } from "./form-values";
import { LivePane } from "./live-pane";
import { LocationFields } from "./location-fields";
import { RuleFields } from "./rule-fields";
import { TagFields } from "./tag-fields";
import { useBucketCheck } from "./use-bucket-check";
import { type ConnectFormApi, useConnectForm } from "./use-connect-form";

const EXAMPLE_KEYS = "users/user-123/documents/notes.md\nusers/user-456/reports/q4.pdf\nshared/handbook.pdf";

type ConnectFormProps = {
  onCheck: (input: CheckConnectionInput) => Promise<FormAnswer<CheckResult>>;
  /** On success the page moves on by itself. */
  onConnect: (input: ConnectBucketInput) => Promise<FormAnswer<unknown>>;
};

/** The form at the left, what will happen at the right. */
export function ConnectForm({ onCheck, onConnect }: ConnectFormProps) {
  const form = useConnectForm();
  const [keysText, setKeysText] = useState(EXAMPLE_KEYS);
  const [areKeysOwn, setKeysOwn] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const onSampleKeys = (keys: readonly string[]) => !areKeysOwn && setKeysText(keys.join("\n"));
  const element = useRef<HTMLFormElement>(null);
  const onRefused = () => focusFirstInvalid(element.current);
  const { check, test } = useBucketCheck({ form, onCheck, onSampleKeys, onRefused });

  const connect = form.handleSubmit(async (values) => {
    setProblem(null);
    const answer = await onConnect(connectInputOf(values));
    if (!answer.ok && !putUnderField(form, answer)) setProblem(answer.message);
  }, onRefused);
  return (
    <div className="grid grid-cols-[minmax(0,35rem)_minmax(0,1fr)] items-start gap-x-14 gap-y-10 max-lg:grid-cols-1">
      <form
        ref={element}
        noValidate
        onSubmit={connect}
        aria-label="New connection"
        className="flex min-w-0 flex-col gap-8"
      >
        <FormGroup title="Bucket">
          <LocationFields form={form} />
        </FormGroup>
        <FormGroup title="Credentials">
          <CredentialFields form={form} />
          <div>
            <Button isBusy={check.phase === "trying"} onClick={test}>
              {check.phase !== "trying" && <PlugZap aria-hidden />}
              Test connection
            </Button>
          </div>
          <div className="lg:hidden">
            <CheckStages state={check} />
          </div>
        </FormGroup>
        <FormGroup title="Container tags">
          <TagFields
            form={form}
            keysText={keysText}
            onKeysTextChange={(text) => {
              setKeysOwn(true);
              setKeysText(text);
            }}
          />
        </FormGroup>
        <FormGroup title="Schedule and limits">
          <RuleFields form={form} />
        </FormGroup>
        <div className="flex flex-col items-start gap-3 border-t border-line pt-5">
          {problem !== null && (
            <div role="alert" className="w-full">
              <Notice tone="failed" title="The bucket could not be connected">
                {problem}
              </Notice>
            </div>
          )}
          <Button type="submit" tone="primary" isBusy={form.formState.isSubmitting}>
            Connect bucket
          </Button>
          <p className="text-sm text-ink-muted">
            Sluice tries the credentials first and stores nothing if they are refused. The first sync starts
            at once.
          </p>
        </div>
      </form>
      <aside
        aria-label="What will happen"
        className="sticky top-4 -m-1 max-h-[calc(100dvh-2rem)] min-w-0 overflow-y-auto p-1 max-lg:static max-lg:max-h-none"
      >
        <LivePane form={form} check={check} keysText={keysText} />
      </aside>
    </div>
  );
}

/** The server names a field by its path (`credentials.accessKeyId`); its last part is the form's. */
function putUnderField(form: ConnectFormApi, refusal: { message: string; field: string | null }): boolean {
  const last = refusal.field?.split(".").at(-1);
  const name = fieldNames.find((one) => one === last);
  if (name === undefined) return false;
  form.setError(name, { message: refusal.message }, { shouldFocus: true });
  return true;
}

const fieldNames: readonly (keyof ConnectFormValues)[] = connectFormSchema.keyof().options;
