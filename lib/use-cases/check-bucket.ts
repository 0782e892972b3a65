import type { CheckConnectionInput, CheckResult } from "@/lib/connections/schema";
import type { SluiceError } from "@/lib/core/errors";
import { defaultAddressingStyle } from "@/lib/rules/addressing";
import { checkSource } from "@/lib/source/check-source";

/**
 * Tries credentials on a bucket: lists, and reads one byte of the first readable object. Resolves with every stage,
 * whatever they found; rejects only with `invalid_input` for settings that cannot be tried, and with the signal's
 * reason. Nothing is stored.
 */
export async function checkBucket(args: {
  input: CheckConnectionInput;
  allowEndpoints: string | null;
  signal: AbortSignal;
}): Promise<CheckResult & { error: SluiceError | null }> {
  const { credentials, prefix, bucket, region, endpoint } = args.input;
  const addressingStyle = args.input.addressingStyle ?? defaultAddressingStyle({ endpoint, bucket });
  const check = await checkSource({
    settings: { bucket, region, endpoint, addressingStyle, credentials },
    prefix,
    signal: args.signal,
    allowEndpoints: args.allowEndpoints,
  });
  return {
    isOk: check.error === null,
    error: check.error,
    stages: check.stages.map(({ name, state, sentence }) => ({ name, outcome: state, message: sentence })),
    sampleKeys: check.sampleKeys,
  };
}
