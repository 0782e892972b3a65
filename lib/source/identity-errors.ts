import { SluiceError } from "@/lib/core/errors";
import { networkSentence } from "./network-errors";
import { unreachable } from "./s3-errors";
import { codeOf, faultOf, isTransient, statusOf } from "./s3-faults";

/**
 * What keeps a role from being assumed, by the service's code, then by its status:
 *
 *   the key that asks is refused              source_auth          stop
 *   the key may not assume it, or no role     source_denied        stop
 *   the role's name is not one                invalid_input        stop
 *   throttled                                 source_throttled     retry
 *   network, or a service that is failing     source_unreachable   retry
 */
export function translateRoleError(
  thrown: unknown,
  { roleArn, host }: { roleArn: string; host: string },
): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const network = statusOf(thrown) === null ? networkSentence(thrown, host) : null;
  if (network !== null) return unreachable(network, thrown);
  const fault = faultOf(thrown);
  if (fault === "auth" || fault === "clock") {
    return refusal(
      "source_auth",
      `"${host}" refuses the access key that assumes the role; check it and its secret.`,
      thrown,
    );
  }
  if (fault === "throttled") {
    const details = "Sluice goes on later by itself.";
    const message = `"${host}" asks for fewer requests`;
    return new SluiceError({ code: "source_throttled", effect: "retry", message, details, cause: thrown });
  }
  if (fault === "denied" || NO_ROLE.has(codeOf(thrown)) || statusOf(thrown) === 404) {
    return refusal(
      "source_denied",
      `The role "${roleArn}" may not be assumed, or does not exist; check its ARN, its trust policy and the external ID in it.`,
      thrown,
    );
  }
  const status = statusOf(thrown);
  if (status !== null && status >= 400 && status < 500 && !isTransient(thrown)) {
    return new SluiceError({
      code: "invalid_input",
      effect: "stop",
      message: "Invalid request parameters",
      details: `metadata.roleArn: "${host}" does not accept "${roleArn}" as a role.`,
      cause: thrown,
    });
  }
  return unreachable(`"${host}" gave no role when it was asked for one.`, thrown);
}

/** This machine has no identity, or the place where it should be does not answer. */
export function translateAmbientError(thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  return refusal(
    "source_auth",
    "This server has no AWS identity of its own: neither its environment nor a profile nor its instance gives one.",
    thrown,
  );
}

const NO_ROLE: ReadonlySet<string> = new Set(["NoSuchEntity", "NoSuchRole", "RegionDisabledException"]);

function refusal(code: "source_auth" | "source_denied", details: string, cause: unknown): SluiceError {
  const message = code === "source_auth" ? "Authentication failed" : "Access denied";
  return new SluiceError({ code, effect: "stop", message, details, cause });
}
