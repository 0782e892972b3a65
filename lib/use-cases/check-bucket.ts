import { ensureExternalId } from "@/lib/connections/external-id";
import type { CheckConnectionInput, CheckResult, Credentials } from "@/lib/connections/schema";
import { invalidInput, type SluiceError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/database";
import { defaultAddressingStyle } from "@/lib/rules/addressing";
import { checkSource } from "@/lib/source/check-source";

/** What this installation lets connections do, whatever they say. */
export type SourceRules = {
  allowEndpoints: string | null;
  allowAmbientCredentials: boolean;
  leanS3?: boolean;
};

export type BucketCheck = CheckResult & {
  /** Null when the bucket can be synced. */
  error: SluiceError | null;
  /** With the external id of this installation where a role is assumed. */
  credentials: Credentials;
  /** The bucket's own region, where the store named another than was said. */
  foundRegion: string | null;
  /** Whether the store judges If-Match as it should; null where that cannot be told. */
  isIfMatchHonoured: boolean | null;
};

/**
 * Tries credentials on a bucket: lists, and reads one byte of the first readable object. Resolves with every stage,
 * whatever they found; rejects only with `invalid_input` for settings that cannot be tried, and with the signal's
 * reason. Nothing is stored.
 */
export async function checkBucket(args: {
  input: CheckConnectionInput;
  write: Database["transaction"];
  sourceRules: SourceRules;
  signal: AbortSignal;
  now: number;
}): Promise<BucketCheck> {
  const { prefix, bucket, region, endpoint, caPem } = args.input;
  const { allowEndpoints, allowAmbientCredentials, leanS3 } = args.sourceRules;
  const addressingStyle = args.input.addressingStyle ?? defaultAddressingStyle({ endpoint, bucket });
  const credentials = await withExternalId(args);
  const check = await checkSource({
    settings: { bucket, region, endpoint, addressingStyle, credentials, caPem },
    prefix,
    signal: args.signal,
    allowEndpoints,
    allowAmbientCredentials,
    lean: leanS3,
  });
  return {
    isOk: check.error === null,
    error: check.error,
    stages: check.stages.map(({ name, state, sentence }) => ({ name, outcome: state, message: sentence })),
    sampleKeys: check.sampleKeys,
    credentials,
    foundRegion: check.foundRegion,
    isIfMatchHonoured: check.isIfMatchHonoured,
  };
}

/** A role is assumed with the external id of this installation and never with somebody else's. */
async function withExternalId(args: Parameters<typeof checkBucket>[0]): Promise<Credentials> {
  const { credentials } = args.input;
  if (credentials.kind !== "role") return credentials;
  const externalId = await args.write((tx) => ensureExternalId(tx, args.now));
  if (credentials.externalId !== null && credentials.externalId !== externalId) {
    throw invalidInput(
      "metadata.externalId",
      `is not the one of this installation. Leave it out, and put "${externalId}" into the role's trust policy.`,
    );
  }
  return { ...credentials, externalId };
}
