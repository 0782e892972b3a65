/** Every way in which a text may stand in a file, a page or a log line. */
export function spellings(secret: string): Buffer[] {
  const bytes = Buffer.from(secret, "utf8");
  const texts = [
    secret,
    encodeURIComponent(secret),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...shiftedBase64(bytes),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("/", "\\/"),
    secret.replaceAll("&", "&amp;"),
  ];
  return [...new Set(texts)].map((text) => Buffer.from(text, "utf8")).concat(Buffer.from(secret, "utf16le"));
}

/** Base64 depends on where in its text the secret stands: three spellings, without what the neighbours decide. */
function shiftedBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const own = text.slice(shift === 0 ? 0 : 4, Math.floor((shift + bytes.length) / 3) * 4);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** Which of the spellings stands in the bytes; null when none does. */
export function findSpelling(bytes: Buffer, secrets: readonly string[]): string | null {
  for (const secret of secrets) {
    const found = spellings(secret).find((spelling) => bytes.includes(spelling));
    if (found !== undefined) return found.toString("latin1");
  }
  return null;
}
