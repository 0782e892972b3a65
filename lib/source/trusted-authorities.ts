import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { invalidInput } from "@/lib/core/errors";
import { CA_PEM_CHARS_MAX } from "@/lib/core/limits";

const FIELD = "metadata.caPem";
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * What connections trust: the authorities of a PEM text beside those that Node brings along. Undefined for no text,
 * which leaves everything as Node has it. The work of reading all of them is done once, not for each connection.
 *
 * Throws `invalid_input` for a text that is not one or more certificates, or has a private key in it.
 */
export function trustedAuthorities(caPem: string | null): SecureContext | undefined {
  if (caPem === null) return undefined;
  if (caPem.length > CA_PEM_CHARS_MAX)
    throw invalidInput(FIELD, `must be at most ${CA_PEM_CHARS_MAX} characters.`);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(caPem))
    throw invalidInput(FIELD, "has a private key in it; enter the certificate of the authority alone.");
  const certificates = caPem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw invalidInput(
      FIELD,
      'is not a certificate in PEM form, which begins with "-----BEGIN CERTIFICATE-----".',
    );
  }
  return createSecureContext({ ca: [...rootCertificates, ...certificates] });
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).validTo !== "";
  } catch {
    return false;
  }
}
