import type { ObjectHead } from "./s3-requests";
import type { ListedObject } from "./source";

const SECOND_MS = 1_000;

/**
 * Whether an answer holds the version that was listed. A strong ETag names bytes. A weak one does not, and that of a
 * store which does not honour `If-Match` may be made anew for each answer; so another one proves nothing there.
 *
 *   the answer's ETag                                        then
 *   strong, and the listed one                               the listed version
 *   strong, another than listed, and `If-Match` is honoured  another version
 *   any else, or one side has none                           length and LastModified decide
 *
 * Length and LastModified are compared as far as both sides have them, the latter to the second, all that HTTP dates
 * hold: a store that sends no LastModified with an object is judged by the length alone, and one that sends neither
 * by what arrives. The length of an encoded body is judged once it is decoded, since a proxy may have encoded it.
 * Other bytes of the same length and second are stored as the listed version; a listing with another ETag mends that.
 */
export function isListedVersion(
  answer: ObjectHead,
  listed: ListedObject,
  { isIfMatchHonoured }: { isIfMatchHonoured: boolean },
): boolean {
  const areEtagsStrong = answer.etag !== "" && listed.etag !== "" && !answer.isEtagWeak;
  if (areEtagsStrong && answer.etag === listed.etag) return true;
  if (areEtagsStrong && isIfMatchHonoured) return false;
  return hasListedLength(answer, listed) && hasListedTime(answer, listed);
}

function hasListedLength({ lengthBytes, contentEncoding }: ObjectHead, { sizeBytes }: ListedObject): boolean {
  return lengthBytes === null || contentEncoding !== null || lengthBytes === sizeBytes;
}

function hasListedTime(answer: ObjectHead, listed: ListedObject): boolean {
  if (answer.lastModified === null || listed.lastModified === 0) return true;
  return Math.abs(answer.lastModified - listed.lastModified) < SECOND_MS;
}
