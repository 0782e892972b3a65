/** How an object is named to people and programs outside: `s3://bucket/key`. */
export function objectUri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** What a document is called when its text gives no title: the last part of its key. */
export function nameOfKey(key: string): string {
  const parts = key.split("/").filter((part) => part !== "");
  return parts.at(-1) ?? key;
}

/** Endpoint and bucket in one text: which store a kept document came from. */
export function originOf(place: { endpoint: string | null; bucket: string }): string {
  return `${place.endpoint ?? "aws"} ${place.bucket}`;
}
