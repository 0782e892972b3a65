import { type ErrorCode, type ErrorEffect, SluiceError } from "@/lib/core/errors";

/** For `rejects.toSatisfy`: exactly this code and effect. */
export function isSluiceError(code: ErrorCode, effect: ErrorEffect): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof SluiceError && thrown.code === code && thrown.effect === effect;
}
