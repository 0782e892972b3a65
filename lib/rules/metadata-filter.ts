import { z } from "zod";
import { METADATA_VALUE_CHARS_MAX } from "@/lib/core/limits";

export type MetadataCondition = {
  key: string;
  value: string | number | boolean;
  filterType: "metadata" | "numeric" | "array_contains" | "string_contains";
  negate: boolean;
  ignoreCase: boolean;
  numericOperator: ">" | "<" | ">=" | "<=" | "=";
};
export type MetadataFilter = { mode: "all" | "any"; entries: (MetadataCondition | MetadataFilter)[] };
export type Metadata = Readonly<Record<string, unknown>>;

export const FILTER_DEPTH_MAX = 8;
export const FILTER_CONDITIONS_MAX = 200;

/**
 * The `filters` of Supermemory's API, `{AND: […]}` or `{OR: […]}`, as an object or as JSON text. Their lists hold
 * conditions and further filters, at most FILTER_DEPTH_MAX deep, with at most FILTER_CONDITIONS_MAX conditions.
 */
export const metadataFilterSchema: z.ZodType<MetadataFilter, unknown> = z
  .preprocess(parseJsonText, z.unknown())
  .superRefine((value, context) => {
    const sentence = boundsBroken(value);
    if (sentence !== null) context.addIssue({ code: "custom", message: sentence, continue: false });
  })
  .pipe(z.lazy(() => groupSchema));

/**
 * Whether a document's metadata meets the filter. An empty list is no condition.
 *
 * | filterType      | met when the value under the key                                     |
 * |-----------------|----------------------------------------------------------------------|
 * | metadata        | is the same text, number or boolean; `"3"` and 3 are the same        |
 * | numeric         | is a number, also one written as text, and stands so to the given one |
 * | array_contains  | is a list with the given value in it                                 |
 * | string_contains | is a text with the given one in it                                   |
 *
 * `negate` turns the answer round, so a document without the key meets a negated condition.
 */
export function matchesFilter(metadata: Metadata, filter: MetadataFilter): boolean {
  if (filter.entries.length === 0) return true;
  const isMet = (entry: MetadataCondition | MetadataFilter): boolean =>
    "entries" in entry ? matchesFilter(metadata, entry) : matchesCondition(metadata, entry);
  return filter.mode === "all" ? filter.entries.every(isMet) : filter.entries.some(isMet);
}

/** Stored metadata as an object; anything else that stands there counts as none. */
export function parseMetadata(json: string | null): Metadata {
  if (json === null || json === "" || json === "{}") return {};
  const parsed = metadataSchema.safeParse(parseJsonText(json));
  return parsed.success ? parsed.data : {};
}
const metadataSchema = z.record(z.string(), z.unknown());

function matchesCondition(metadata: Metadata, condition: MetadataCondition): boolean {
  const actual = Object.hasOwn(metadata, condition.key) ? metadata[condition.key] : undefined;
  return isMetBy(actual, condition) !== condition.negate;
}

function isMetBy(actual: unknown, condition: MetadataCondition): boolean {
  const fold = (value: unknown) => (condition.ignoreCase ? String(value).toLowerCase() : String(value));
  switch (condition.filterType) {
    case "metadata":
      return isScalar(actual) && fold(actual) === fold(condition.value);
    case "numeric":
      return compareNumbers(actual, condition);
    case "array_contains":
      return (
        Array.isArray(actual) &&
        actual.some((entry) => isScalar(entry) && fold(entry) === fold(condition.value))
      );
    case "string_contains":
      return typeof actual === "string" && fold(actual).includes(fold(condition.value));
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function compareNumbers(actual: unknown, condition: MetadataCondition): boolean {
  const left = numberFrom(actual);
  const right = numberFrom(condition.value);
  if (left === null || right === null) return false;
  const answers: Record<MetadataCondition["numericOperator"], boolean> = {
    ">": left > right,
    "<": left < right,
    ">=": left >= right,
    "<=": left <= right,
    "=": left === right,
  };
  return answers[condition.numericOperator];
}

function numberFrom(value: unknown): number | null {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A boolean, also written as text, as older clients send it. */
const flagSchema = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
  .default(false);

const conditionSchema = z.object({
  key: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 letters, digits, dots, underscores or hyphens"),
  value: z.union([z.string().max(METADATA_VALUE_CHARS_MAX), z.number(), z.boolean()]),
  filterType: z.enum(["metadata", "numeric", "array_contains", "string_contains"]).default("metadata"),
  negate: flagSchema,
  ignoreCase: flagSchema,
  numericOperator: z.enum([">", "<", ">=", "<=", "="]).default("="),
});

const entriesSchema: z.ZodType<(MetadataCondition | MetadataFilter)[], unknown> = z.lazy(() =>
  z.array(z.union([groupSchema, conditionSchema])),
);

const groupSchema: z.ZodType<MetadataFilter, unknown> = z.union([
  z
    .strictObject({ AND: entriesSchema })
    .transform(({ AND }): MetadataFilter => ({ mode: "all", entries: AND })),
  z.strictObject({ OR: entriesSchema }).transform(({ OR }): MetadataFilter => ({ mode: "any", entries: OR })),
]);

function parseJsonText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Looked at before the schema goes in, level by level, so that a deep value cannot exhaust the stack. */
function boundsBroken(value: unknown): string | null {
  let level = [value];
  let conditionCount = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > FILTER_DEPTH_MAX) return `filters may be nested ${FILTER_DEPTH_MAX} deep at most`;
    const children = level.map(childrenOf);
    conditionCount += children.filter((list) => list === null).length;
    level = children.flatMap((list) => list ?? []);
  }
  return conditionCount > FILTER_CONDITIONS_MAX
    ? `filters may have ${FILTER_CONDITIONS_MAX} conditions at most`
    : null;
}

/** The entries of a filter, or null for anything else. */
function childrenOf(node: unknown): unknown[] | null {
  if (typeof node !== "object" || node === null) return null;
  const lists = [Reflect.get(node, "AND"), Reflect.get(node, "OR")].filter((list) => Array.isArray(list));
  return lists.length === 0 ? null : lists.flat(1);
}
