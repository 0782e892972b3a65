import { gzipSync } from "node:zlib";
import { chunked, type Recording, recorded } from "./answer-player";
import { MD5 } from "./store-headers";

const HELLO = {
  ETag: `"${MD5}"`,
  "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT",
  "Content-Type": "text/plain",
};
const gzipped = gzipSync("hello");

/** What comes when an object is asked for, and the text or the verdict that it comes to. */
export const READS: [what: string, recording: Recording, result: string][] = [
  ["an object", recorded(200, HELLO, "hello"), "hello"],
  ["an object with its ETag unquoted", recorded(200, { ...HELLO, ETag: MD5 }, "hello"), "hello"],
  ["an object with a weak ETag", recorded(200, { ...HELLO, ETag: `W/"${MD5}"` }, "hello"), "hello"],
  [
    "another version under the same weak ETag",
    recorded(
      200,
      { ...HELLO, ETag: `W/"${MD5}"`, "Last-Modified": "Fri, 02 Jan 2026 03:04:07 GMT" },
      "hello",
    ),
    "changed",
  ],
  ["another version", recorded(200, { ...HELLO, ETag: '"other"' }, "hello"), "changed"],
  [
    "no ETag, the same length and time",
    recorded(200, { "Last-Modified": HELLO["Last-Modified"] }, "hello"),
    "hello",
  ],
  [
    "no ETag, another length",
    recorded(200, { "Last-Modified": HELLO["Last-Modified"] }, "hello!"),
    "changed",
  ],
  ["chunks", recorded(200, { ...HELLO, "Transfer-Encoding": "chunked" }, chunked("hello", 2)), "hello"],
  ["a body that the connection's end ends", recorded(200, HELLO, "hello", "closes"), "hello"],
  [
    "fewer bytes than announced",
    recorded(200, { ...HELLO, "Content-Length": 9 }, "hello", "closes"),
    "object_changed retry",
  ],
  [
    "fewer bytes than listed, and none announced",
    recorded(200, HELLO, "hel", "closes"),
    "object_changed retry",
  ],
  ["fewer bytes than listed, and as many as announced", recorded(200, HELLO, "hel"), "object_changed retry"],
  [
    "a page for people, packed, instead of the object",
    recorded(200, { "Content-Type": "text/html", "Content-Encoding": "gzip" }, gzipSync("<p>Sign in</p>")),
    "source_unreachable retry",
  ],
  [
    "chunks that break off",
    recorded(200, { ...HELLO, "Transfer-Encoding": "chunked" }, chunked("hello", 2).subarray(0, 9), "closes"),
    "object_changed retry",
  ],
  [
    "a reset in the middle",
    recorded(200, { ...HELLO, "Content-Length": 9 }, "hel", "breaks"),
    "object_changed retry",
  ],
  ["gzip", recorded(200, { ...HELLO, "Content-Encoding": "gzip" }, gzipped), "hello"],
  [
    "gzip that a proxy made on the way",
    recorded(
      200,
      { ...HELLO, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked" },
      Buffer.concat([
        Buffer.from(`${gzipped.length.toString(16)}\r\n`),
        gzipped,
        Buffer.from("\r\n0\r\n\r\n"),
      ]),
    ),
    "hello",
  ],
  ["gzip that is none", recorded(200, { ...HELLO, "Content-Encoding": "gzip" }, "hello"), "hello"],
  [
    "gzip that breaks off",
    recorded(200, { ...HELLO, "Content-Encoding": "gzip" }, gzipped.subarray(0, 15)),
    "extract_failed skip",
  ],
  [
    "an encoding that is only how it was sent",
    recorded(200, { ...HELLO, "Content-Encoding": "aws-chunked" }, "hello"),
    "hello",
  ],
  [
    "something that speaks no HTTP",
    { head: "SSH-2.0-OpenSSH_9.2", body: Buffer.alloc(0), afterwards: "closes" },
    "source_unreachable retry",
  ],
];

/** The object as it was listed before. */
export const LISTED = { etag: MD5, sizeBytes: 5, lastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };
