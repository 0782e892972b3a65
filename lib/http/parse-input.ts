import type { z } from "zod";
import { invalidInput } from "@/lib/core/errors";

/** What the sender wrote, as the schema's type. Throws `invalid_input` that names the first wrong field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidInput(issue?.path.join(".") || "body", issue?.message ?? "is not what is expected here");
}
