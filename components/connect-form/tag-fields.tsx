"use client";

import { useWatch } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { RadioList } from "@/components/ui/radio-list";
import { Textarea } from "@/components/ui/textarea";
import { TagPreview } from "./tag-preview";
import { TextField } from "./text-field";
import type { ConnectFormApi } from "./use-connect-form";

type TagFieldsProps = { form: ConnectFormApi; keysText: string; onKeysTextChange: (text: string) => void };

/** Whose documents these are: tags for all of them, or one taken from each key. */
export function TagFields({ form, keysText, onKeysTextChange }: TagFieldsProps) {
  const [regex, tags, fallback] = useWatch({
    control: form.control,
    name: ["containerTagRegex", "containerTags", "tagFallback"],
  });
  return (
    <>
      <TextField
        form={form}
        name="containerTags"
        label="Container tags"
        isOptional
        isMono
        placeholder="org-123"
        hint="For every document of this connection. Several: with commas between."
      />
      <TextField
        form={form}
        name="containerTagRegex"
        label="Tag regex"
        isOptional
        isMono
        placeholder="users/(?<userId>[^/]+)/"
        hint="Takes the tag from each key: what the group userId captures replaces the tags above. RE2 syntax, under 200 characters."
      />
      {regex !== "" && (
        <RadioList
          label="Keys that do not match"
          value={fallback}
          onValueChange={(next) => form.setValue("tagFallback", next)}
          options={[
            { value: "connection_tags", label: "Give them the container tags above" },
            { value: "skip", label: "Skip them" },
          ]}
        />
      )}
      <Field
        label="Keys to try it on"
        hint="One a line; paste your own. A passed test fills in keys of the bucket."
      >
        {(control) => (
          <Textarea
            {...control}
            value={keysText}
            onChange={(event) => onKeysTextChange(event.target.value)}
            spellCheck={false}
            autoCapitalize="off"
            wrap="off"
            rows={4}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <div className="lg:hidden">
        <TagPreview regex={regex} keysText={keysText} connectionTags={tags} fallback={fallback} />
      </div>
    </>
  );
}
