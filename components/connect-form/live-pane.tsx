"use client";

import { useWatch } from "react-hook-form";
import { Section } from "@/components/frame/section";
import { CodeBlock } from "@/components/ui/code-block";
import { iamPolicy } from "@/lib/rules/iam-policy";
import { PRESETS } from "@/lib/rules/presets";
import { CheckStages, type CheckState } from "./check-stages";
import { TagPreview } from "./tag-preview";
import type { ConnectFormApi } from "./use-connect-form";

type LivePaneProps = { form: ConnectFormApi; check: CheckState; keysText: string };

/** Answers "what will happen": the test, the keys with their tags, the rights that the key needs. */
export function LivePane({ form, check, keysText }: LivePaneProps) {
  const values = useWatch({ control: form.control });
  const preset = PRESETS[values.presetId ?? "aws"];
  const policy = iamPolicy({
    bucket: values.bucket ?? "",
    prefix: values.prefix ?? "",
    region: values.region ?? "",
  });
  return (
    <div className="flex min-w-0 flex-col gap-8">
      <div className="max-lg:hidden">
        <Section title="Connection test">
          <CheckStages state={check} />
        </Section>
      </div>
      <div className="max-lg:hidden">
        <Section title="Keys and their tags">
          <TagPreview
            regex={values.containerTagRegex ?? ""}
            keysText={keysText}
            connectionTags={values.containerTags ?? ""}
            fallback={values.tagFallback ?? "connection_tags"}
          />
        </Section>
      </div>
      {preset.hasIamPolicy && (
        <Section
          title="Rights of the access key"
          hint="The least that Sluice needs: list this prefix and read below it."
        >
          <CodeBlock code={policy} label="IAM policy" noun="policy" />
        </Section>
      )}
    </div>
  );
}
