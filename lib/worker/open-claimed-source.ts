import { openCredentials } from "@/lib/connections/schema";
import type { Vault } from "@/lib/secrets/vault";
import { patientSource } from "@/lib/source/patient-source";
import { openS3Source } from "@/lib/source/s3-source";
import type { OpenSource } from "./open-sources";

/** Opens a claimed connection's bucket. Its secret is opened here and lives no longer than the source. */
export function openClaimedSource(args: {
  vault: Vault;
  allowEndpoints: string | null;
  allowAmbientCredentials: boolean;
  lean: boolean;
}): OpenSource {
  const { vault, ...options } = args;
  return ({ settings, addressingStyle, sealedCredentials, caPem, isIfMatchHonoured }, pace) => {
    const credentials = openCredentials(vault.open(sealedCredentials));
    const { bucket, region, endpoint } = settings;
    const source = openS3Source(
      { bucket, region, endpoint, addressingStyle, credentials, caPem },
      { ...options, pace, isIfMatchHonoured },
    );
    return patientSource(source);
  };
}
