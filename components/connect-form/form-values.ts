import { z } from "zod";
import {
  type CheckConnectionInput,
  type ConnectBucketInput,
  connectBucketInput,
  containerTag,
  keyCredentials,
} from "@/lib/connections/schema";
import { CONTAINER_TAGS_MAX, DOCUMENT_LIMIT_DEFAULT } from "@/lib/core/limits";
import { NO_FILTERS } from "@/lib/rules/filters";
import { formatCount } from "@/lib/rules/format";
import { endpointProblem, PRESET_IDS, PRESETS } from "@/lib/rules/presets";

const { shape } = connectBucketInput;

/** The form as people fill it: text stays text until it is sent, so that nothing typed is lost to a conversion. */
export const connectFormSchema = z
  .object({
    presetId: z.enum(PRESET_IDS),
    endpoint: z.string(),
    region: shape.region,
    addressingStyle: z.enum(["path", "virtual"]),
    bucket: shape.bucket,
    prefix: z.string(),
    accessKeyId: keyCredentials.shape.accessKeyId,
    secretAccessKey: keyCredentials.shape.secretAccessKey,
    containerTags: z.string(),
    containerTagRegex: z.string(),
    tagFallback: z.enum(["connection_tags", "skip"]),
    documentLimit: z.string(),
    deletionPolicy: z.enum(["remove", "keep"]),
    scheduleKind: z.enum(["interval", "cron", "manual"]),
    cron: z.string(),
    timeZone: z.string(),
  })
  .superRefine((values, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const endpoint = endpointProblem(values.endpoint, values.presetId);
    if (endpoint !== null) refuse("endpoint", endpoint);
    const tags = tagsOf(values.containerTags);
    const wrong = tags.find((tag) => !containerTag.safeParse(tag).success);
    if (wrong !== undefined)
      refuse("containerTags", `“${wrong}” is no tag: use letters, digits, _ - and : only.`);
    if (tags.length > CONTAINER_TAGS_MAX) refuse("containerTags", `At most ${CONTAINER_TAGS_MAX} tags.`);
    for (const [path, schema, value] of settingsOf(values)) {
      const parsed = schema.safeParse(value);
      if (!parsed.success) refuse(path, parsed.error.issues[0]?.message ?? "is not valid");
    }
  });

export type ConnectFormValues = z.infer<typeof connectFormSchema>;

/** The inputs that become something else before they are judged. */
type SettingTexts = {
  prefix: string;
  containerTagRegex: string;
  documentLimit: string;
  scheduleKind: "interval" | "cron" | "manual";
  cron: string;
  timeZone: string;
};

/** What is checked by the very schema that the server uses. */
function settingsOf(values: SettingTexts) {
  return [
    ["prefix", shape.prefix, values.prefix],
    ["containerTagRegex", shape.containerTagRegex, values.containerTagRegex || null],
    ["documentLimit", shape.documentLimit, limitOf(values.documentLimit)],
    ["cron", shape.schedule, scheduleOf(values)],
  ] as const;
}

export function blankForm(): ConnectFormValues {
  return {
    presetId: "aws",
    endpoint: "",
    region: PRESETS.aws.region,
    addressingStyle: PRESETS.aws.addressingStyle,
    bucket: "",
    prefix: "",
    accessKeyId: "",
    secretAccessKey: "",
    containerTags: "",
    containerTagRegex: "",
    tagFallback: "connection_tags",
    documentLimit: formatCount(DOCUMENT_LIMIT_DEFAULT),
    deletionPolicy: "remove",
    scheduleKind: "interval",
    cron: "",
    timeZone: "",
  };
}

/** Fields that must be right before the credentials can be tried. */
export const CHECK_FIELDS = [
  "endpoint",
  "region",
  "bucket",
  "prefix",
  "accessKeyId",
  "secretAccessKey",
] as const;

export function checkInputOf(
  values: ConnectFormValues,
): z.input<typeof connectBucketInput> & CheckConnectionInput {
  return {
    bucket: values.bucket.trim(),
    region: values.region.trim(),
    endpoint: values.presetId === "aws" ? null : values.endpoint.trim(),
    addressingStyle: values.addressingStyle,
    caPem: null,
    prefix: values.prefix,
    credentials: {
      kind: "keys",
      accessKeyId: values.accessKeyId.trim(),
      secretAccessKey: values.secretAccessKey.trim(),
      sessionToken: null,
    },
  };
}

export function connectInputOf(values: ConnectFormValues): ConnectBucketInput {
  return {
    ...checkInputOf(values),
    filters: NO_FILTERS,
    containerTagRegex: values.containerTagRegex || null,
    tagFallback: values.tagFallback,
    containerTags: tagsOf(values.containerTags),
    documentLimit: limitOf(values.documentLimit),
    deletionPolicy: values.deletionPolicy,
    requestRateMax: null,
    schedule: scheduleOf(values),
    metadata: {},
  };
}

export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ""))];
}

/** `10,000` and `10 000` are numbers to a person. */
function limitOf(text: string): number {
  const digits = text.replace(/[\s,_.']/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

function scheduleOf(values: Pick<SettingTexts, "scheduleKind" | "cron" | "timeZone">) {
  const isCron = values.scheduleKind === "cron";
  return {
    kind: values.scheduleKind,
    cron: isCron ? values.cron.trim() : null,
    timeZone: isCron ? values.timeZone.trim() || null : null,
    intervalMs: null,
  };
}
