import { z } from "zod";
import { type ChangeConnectionInput, changeConnectionInput } from "@/lib/connections/schema";
import { invalidInput } from "@/lib/core/errors";
import { parseInput } from "../parse-input";
import { isSettingName, nestSettings, settingProblem, settingValue } from "./connection-settings";
import { tagsFrom, wireTagFields } from "./container-tags";

const body = wireTagFields.extend({
  documentLimit: z.number().nullish(),
  metadata: z.record(z.string(), settingValue.nullable()).default({}),
});

/**
 * Reads the body of `PATCH /v3/connections/{id}`: the same fields as when it was created, those alone that change. Null
 * and, in `metadata`, the empty text take a setting away. Throws `invalid_input` that names the field as the sender
 * wrote it.
 */
export function readChangeBody(sent: unknown): ChangeConnectionInput {
  const { metadata, documentLimit, ...tags } = parseInput(body, sent);
  const unknown = Object.keys(metadata).find((name) => !isSettingName(name));
  if (unknown !== undefined) throw invalidInput(`metadata.${unknown}`, "is not a setting of a connection");
  const areTagsSent = tags.containerTag != null || tags.containerTags != null;
  const parsed = changeConnectionInput.safeParse({
    ...nestSettings(Object.fromEntries(Object.entries(metadata).map(emptied))),
    ...(areTagsSent ? { containerTags: tagsFrom(tags) } : {}),
    ...(documentLimit === undefined ? {} : { documentLimit }),
  });
  if (!parsed.success) throw settingProblem(parsed.error);
  return parsed.data;
}

/** Nothing is null, except where the empty text itself is the setting. */
function emptied([name, value]: [string, unknown]): [string, unknown] {
  if (name === "prefix") return [name, value ?? ""];
  return [name, value === "" ? null : value];
}
