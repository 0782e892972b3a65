import { invalidInput } from "@/lib/core/errors";
import { REQUEST_BODY_BYTES_MAX } from "@/lib/core/limits";

/**
 * The request's body as JSON; no body is `{}`. Reads at most `REQUEST_BODY_BYTES_MAX` bytes, whatever the sender
 * says of the length. Throws `invalid_input` when it is longer or is no JSON.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes what was sent, which may be a secret.
    throw invalidInput("body", "is not valid JSON");
  }
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces).toString("utf8");
    bytes += value.byteLength;
    if (bytes > REQUEST_BODY_BYTES_MAX) {
      await reader.cancel();
      throw invalidInput("body", `must have at most ${REQUEST_BODY_BYTES_MAX} bytes`);
    }
    pieces.push(value);
  }
}
