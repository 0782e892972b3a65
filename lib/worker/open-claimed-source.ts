import { credentials } from "@/lib/connections/schema";
import type { Vault } from "@/lib/secrets/vault";
import { openS3Source } from "@/lib/source/s3-source";
import type { ObjectSource } from "@/lib/source/source";
import type { ClaimedRun } from "./claim-run";

/** Opens a claimed connection's bucket. Its secret is opened here and lives no longer than the source. */
export function openClaimedSource(args: {
  vault: Vault;
  allowEndpoints: string | null;
}): (claimed: ClaimedRun) => ObjectSource {
  return ({ settings, addressingStyle, sealedCredentials }) => {
    const opened = credentials.parse(JSON.parse(args.vault.open(sealedCredentials)));
    const { bucket, region, endpoint } = settings;
    return openS3Source(
      { bucket, region, endpoint, addressingStyle, credentials: opened },
      { allowEndpoints: args.allowEndpoints },
    );
  };
}
