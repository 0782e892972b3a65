import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { BOTH_PATHS, listFirst, readListed } from "./local-store";
import { openS3Source } from "./s3-source";
import type { ListedObject, ObjectSource } from "./source";
import { chunked, playAnswers, type Recording, recorded } from "./testing/answer-player";

const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const MD5 = "0f343b0931126a20f133d67c2b018a3b";
const TYPE = { "Content-Type": "application/xml" };

/** Formats of known stores, written down from what they send. Keys, ids and times are ours. */
const AWS = { "x-amz-request-id": "A1B2C3", "x-amz-id-2": "abc=", Server: "AmazonS3", ...TYPE };
const RGW = { "x-amz-request-id": "tx0001", Connection: "Keep-Alive", ...TYPE };
const MINIO = {
  Server: "MinIO",
  "X-Amz-Request-Id": "17A",
  "Strict-Transport-Security": "max-age=1",
  ...TYPE,
};
const R2 = { Server: "cloudflare", "CF-RAY": "8-FRA", ...TYPE };

const LISTINGS: [
  store: string,
  recording: Recording,
  page: { objects: Partial<ListedObject>[]; nextToken: string | null },
][] = [
  [
    "AWS: url-encoded keys with plain slashes, checksums, chunked",
    recorded(
      200,
      { ...AWS, "x-amz-bucket-region": "us-east-1", "Transfer-Encoding": "chunked" },
      chunked(
        `${XML}\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>docs</Name><Prefix></Prefix><NextContinuationToken>1uRd+/8kZ=</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents><Key>a+b/c%2Bd.txt</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;${MD5}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents><Contents><Key>big%25.bin</Key><LastModified>2025-12-31T23:59:59.000Z</LastModified><ETag>&quot;${MD5}-12&quot;</ETag><Size>123456789012</Size><StorageClass>GLACIER_IR</StorageClass><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus></Contents></ListBucketResult>`,
        100,
      ),
    ),
    {
      nextToken: "1uRd+/8kZ=",
      objects: [
        { key: "a b/c+d.txt", etag: MD5, sizeBytes: 5, lastModified: Date.UTC(2026, 0, 2, 3, 4, 5) },
        { key: "big%.bin", etag: `${MD5}-12`, sizeBytes: 123_456_789_012, storageClass: "GLACIER_IR" },
      ],
    },
  ],
  [
    "Ceph: encoded slashes, owners, milliseconds, the counts behind the contents",
    recorded(
      200,
      RGW,
      `${XML}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>docs</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>caf%C3%A9%2F%F0%9F%A6%86.md</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>&quot;${MD5}&quot;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass><Owner><ID>first</ID><DisplayName>first</DisplayName></Owner><Type>Normal</Type></Contents><KeyCount>1</KeyCount></ListBucketResult>`,
    ),
    {
      nextToken: null,
      objects: [{ key: "café/🦆.md", lastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 678) }],
    },
  ],
  [
    "MinIO: numeric references for quotes, line ends between elements",
    recorded(
      200,
      MINIO,
      `${XML}\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n  <Name>docs</Name>\n  <Contents>\n    <Key>a%26b</Key>\n    <LastModified>2026-01-02T03:04:05.6Z</LastModified>\n    <ETag>&#34;${MD5}&#34;</ETag>\n    <Size>5</Size>\n    <StorageClass>STANDARD</StorageClass>\n  </Contents>\n  <EncodingType>url</EncodingType>\n  <IsTruncated>false</IsTruncated>\n</ListBucketResult>\n`,
    ),
    {
      nextToken: null,
      objects: [{ key: "a&b", etag: MD5, lastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 600) }],
    },
  ],
  [
    "R2: bare quotes, no storage class",
    recorded(
      200,
      R2,
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>docs</Name><Contents><Key>a</Key><Size>5</Size><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>"${MD5}"</ETag></Contents><IsTruncated>false</IsTruncated><MaxKeys>1000</MaxKeys><KeyCount>1</KeyCount></ListBucketResult>`,
    ),
    { nextToken: null, objects: [{ key: "a", etag: MD5, storageClass: "STANDARD" }] },
  ],
  [
    "a store that ignores the encoding: keys as they are, references and characters beyond ASCII in them",
    recorded(
      200,
      TYPE,
      `${XML}<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a+b%20c &amp; &lt;日本&gt; &#x41;</Key><Size>5</Size><LastModified>2026-01-02T03:04:05+01:00</LastModified><ETag>W/&quot;${MD5}&quot;</ETag></Contents></ListBucketResult>`,
    ),
    {
      nextToken: null,
      objects: [{ key: "a+b%20c & <日本> A", etag: MD5, lastModified: Date.UTC(2026, 0, 2, 2, 4, 5) }],
    },
  ],
  [
    "common prefixes, comments and elements of the store's own are passed over",
    recorded(
      200,
      TYPE,
      `${XML}<!-- a comment --><ListBucketResult><CommonPrefixes><Prefix>x/</Prefix></CommonPrefixes><IsTruncated>false</IsTruncated><Extra a="1 > 0"><Contents><Key>not this</Key></Contents></Extra><Empty/><Contents><Key><![CDATA[a<b]]></Key><Size>5</Size><Tags x='y'/></Contents><KeyCount>1</KeyCount></ListBucketResult>`,
    ),
    { nextToken: null, objects: [{ key: "a<b", etag: "", lastModified: 0 }] },
  ],
  [
    "an empty bucket that counts its keys",
    recorded(200, RGW, `${XML}<ListBucketResult><Name>docs</Name><KeyCount>0</KeyCount></ListBucketResult>`),
    { nextToken: null, objects: [] },
  ],
  [
    "an empty page that is not the last, without a count",
    recorded(
      200,
      RGW,
      `${XML}<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b</NextContinuationToken></ListBucketResult>`,
    ),
    { nextToken: "a&b", objects: [] },
  ],
];

const page = (inside: string) => `${XML}<ListBucketResult>${inside}</ListBucketResult>`;
const ENTRY = "<Contents><Key>a</Key><Size>5</Size></Contents>";
const END = "<IsTruncated>false</IsTruncated>";

const NO_LISTINGS: [what: string, recording: Recording, verdict: string][] = [
  [
    "a body that is cut short",
    recorded(200, { ...TYPE, "Content-Length": 900 }, page(END), "closes"),
    "source_unreachable retry",
  ],
  [
    "a document that ends too early",
    recorded(200, TYPE, page(`${END}${ENTRY}`).slice(0, -20)),
    "source_unreachable retry",
  ],
  [
    "chunks that break off",
    recorded(200, { "Transfer-Encoding": "chunked" }, chunked(page(END), 20).subarray(0, 60), "closes"),
    "source_unreachable retry",
  ],
  [
    "a connection that is reset in the middle",
    recorded(200, { "Content-Length": 900 }, page(END), "breaks"),
    "source_unreachable retry",
  ],
  [
    "a login page",
    recorded(200, { "Content-Type": "text/html" }, "<!DOCTYPE html><html><body><p>Sign in</p></body></html>"),
    "source_unreachable retry",
  ],
  [
    "HTML that is no XML",
    recorded(200, { "Content-Type": "text/html" }, "<html><body><br><p>Sign in"),
    "source_unreachable retry",
  ],
  [
    "JSON",
    recorded(200, { "Content-Type": "application/json" }, '{"message":"hello"}'),
    "source_unreachable retry",
  ],
  [
    "XML of another kind",
    recorded(200, TYPE, `${XML}<ListAllMyBucketsResult><Owner><ID>x</ID></Owner></ListAllMyBucketsResult>`),
    "source_unreachable retry",
  ],
  [
    "end tags in the wrong order",
    recorded(200, TYPE, page("<Contents><Key>a</Contents></Key>")),
    "source_unreachable retry",
  ],
  [
    "an entry without a key",
    recorded(200, TYPE, page(`${END}<Contents><Size>5</Size></Contents>`)),
    "source_unreachable retry",
  ],
  [
    "an entry without a size",
    recorded(200, TYPE, page(`${END}<Contents><Key>a</Key></Contents>`)),
    "source_unreachable retry",
  ],
  [
    "a size that is no count",
    recorded(200, TYPE, page(`${END}<Contents><Key>a</Key><Size>five</Size></Contents>`)),
    "source_unreachable retry",
  ],
  [
    "a size below nothing",
    recorded(200, TYPE, page(`${END}<Contents><Key>a</Key><Size>-5</Size></Contents>`)),
    "source_unreachable retry",
  ],
  [
    "a time that is none",
    recorded(
      200,
      TYPE,
      page(`${END}<Contents><Key>a</Key><Size>5</Size><LastModified>Friday</LastModified></Contents>`),
    ),
    "source_unreachable retry",
  ],
  [
    "more keys without a token",
    recorded(200, TYPE, page(`<IsTruncated>true</IsTruncated>${ENTRY}`)),
    "listing_disorder stop",
  ],
  [
    "a key that is no UTF-8, encoded",
    recorded(
      200,
      TYPE,
      page(`${END}<EncodingType>url</EncodingType><Contents><Key>a%FF</Key><Size>5</Size></Contents>`),
    ),
    "listing_disorder stop",
  ],
  [
    "a key that is no UTF-8, as it is",
    recorded(
      200,
      TYPE,
      Buffer.from(page(`${END}<Contents><Key>a\xff</Key><Size>5</Size></Contents>`), "latin1"),
    ),
    "listing_disorder stop",
  ],
  [
    "a key with a NUL",
    recorded(
      200,
      TYPE,
      page(`${END}<EncodingType>url</EncodingType><Contents><Key>a%00b</Key><Size>5</Size></Contents>`),
    ),
    "listing_disorder stop",
  ],
  [
    "an error that is sent as a success",
    recorded(200, TYPE, `${XML}\n<Error><Code>InternalError</Code><Message>x</Message></Error>`),
    "source_unreachable retry",
  ],
  [
    "SlowDown that is sent as a success",
    recorded(200, TYPE, `${XML}<Error><Code>SlowDown</Code></Error>`),
    "source_throttled retry",
  ],
];

const error = (code: string, inside = "") => `${XML}<Error><Code>${code}</Code>${inside}</Error>`;

const REFUSALS: [what: string, recording: Recording, list: string, read: string][] = [
  [
    "AWS: an unknown key",
    recorded(
      403,
      AWS,
      error(
        "InvalidAccessKeyId",
        "<Message>The AWS Access Key Id you provided does not exist in our records.</Message><AWSAccessKeyId>X</AWSAccessKeyId><RequestId>A</RequestId><HostId>B</HostId>",
      ),
    ),
    "source_auth stop",
    "source_auth stop",
  ],
  [
    "Ceph: a wrong secret, without a message",
    recorded(403, RGW, error("SignatureDoesNotMatch", "<RequestId>tx</RequestId><HostId>h</HostId>")),
    "source_auth stop",
    "source_auth stop",
  ],
  [
    "MinIO: a missing bucket",
    recorded(
      404,
      MINIO,
      error(
        "NoSuchBucket",
        "<Message>The specified bucket does not exist</Message><BucketName>docs</BucketName><Resource>/docs/</Resource><Region>us-east-1</Region>",
      ),
    ),
    "bucket_missing stop",
    "bucket_missing stop",
  ],
  [
    "R2: 401",
    recorded(401, R2, error("Unauthorized", "<Message>Unauthorized</Message>")),
    "source_auth stop",
    "source_auth stop",
  ],
  [
    "an error inside a response",
    recorded(
      403,
      TYPE,
      `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    ),
    "source_auth stop",
    "source_auth stop",
  ],
  ["403 without a body", recorded(403, {}), "source_denied stop", "object_denied skip"],
  [
    "403 with HTML",
    recorded(403, { "Content-Type": "text/html" }, "<html><body><h1>Forbidden</h1><hr></body></html>"),
    "source_denied stop",
    "object_denied skip",
  ],
  [
    "403 of a firewall that is well-formed",
    recorded(403, { "Content-Type": "text/html" }, "<html><body><p>Blocked</p></body></html>"),
    "source_denied stop",
    "object_denied skip",
  ],
  [
    "an error document that is cut off",
    recorded(403, TYPE, `${XML}<Error><Code>SignatureDoesNotMatch</Code><Mess`),
    "source_denied stop",
    "object_denied skip",
  ],
  ["404 without a body", recorded(404, {}), "bucket_missing stop", "vanished"],
  [
    "404 of a key",
    recorded(404, AWS, error("NoSuchKey", "<Key>a.txt</Key>")),
    "bucket_missing stop",
    "vanished",
  ],
  [
    "an archived object",
    recorded(403, AWS, error("InvalidObjectState", "<StorageClass>GLACIER</StorageClass>")),
    "source_unreachable retry",
    "unsupported skip",
  ],
  ["304", recorded(304, {}), "source_unreachable retry", "source_unreachable retry"],
  [
    "412",
    recorded(412, AWS, error("PreconditionFailed", "<Condition>If-Match</Condition>")),
    "source_unreachable retry",
    "changed",
  ],
  [
    "416",
    recorded(416, AWS, error("InvalidRange", "<ActualObjectSize>5</ActualObjectSize>")),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
  [
    "a redirect",
    recorded(
      307,
      { ...AWS, Location: "http://127.0.0.1:1/" },
      error("TemporaryRedirect", "<Endpoint>x.example.com</Endpoint>"),
    ),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
  [
    "a redirect without a word",
    recorded(302, { Location: "http://127.0.0.1:1/" }),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
  [
    "a wrong region that is not named",
    recorded(400, MINIO, error("AuthorizationHeaderMalformed", "<Message>the region is wrong</Message>")),
    "invalid_input stop",
    "invalid_input stop",
  ],
  [
    "429 with HTML",
    recorded(429, { "Content-Type": "text/html" }, "<html>slow<br>"),
    "source_throttled retry",
    "source_throttled retry",
  ],
  [
    "503 of a load balancer",
    recorded(503, { "Content-Type": "text/html" }, "<html><center>busy</center><hr></html>"),
    "source_throttled retry",
    "source_throttled retry",
  ],
  [
    "502 of a load balancer",
    recorded(502, { "Content-Type": "text/html" }, "<html><center>bad</center><hr></html>"),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
  [
    "a request that timed out on the way",
    recorded(400, AWS, error("RequestTimeout")),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
  [
    "a code that nobody knows",
    recorded(418, TYPE, error("Teapot")),
    "source_unreachable retry",
    "source_unreachable retry",
  ],
];

const HELLO = {
  ETag: `"${MD5}"`,
  "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT",
  "Content-Type": "text/plain",
};
const gzipped = gzipSync("hello");

const READS: [what: string, recording: Recording, result: string][] = [
  ["an object", recorded(200, HELLO, "hello"), "hello"],
  ["an object with its ETag unquoted", recorded(200, { ...HELLO, ETag: MD5 }, "hello"), "hello"],
  ["an object with a weak ETag", recorded(200, { ...HELLO, ETag: `W/"${MD5}"` }, "hello"), "hello"],
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
    "object_changed skip",
  ],
  [
    "fewer bytes than listed, and none announced",
    recorded(200, HELLO, "hel", "closes"),
    "object_changed skip",
  ],
  [
    "chunks that break off",
    recorded(200, { ...HELLO, "Transfer-Encoding": "chunked" }, chunked("hello", 2).subarray(0, 9), "closes"),
    "object_changed skip",
  ],
  [
    "a reset in the middle",
    recorded(200, { ...HELLO, "Content-Length": 9 }, "hel", "breaks"),
    "object_changed skip",
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

const LISTED = { etag: MD5, sizeBytes: 5, lastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };

/** What a call came to, with every word that a person would read. */
async function resultOf<T>(
  work: () => Promise<T>,
): Promise<{ verdict: string; value: T | null; words: string }> {
  try {
    return { verdict: "resolved", value: await work(), words: "" };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return {
      verdict: `${thrown.code} ${thrown.effect}`,
      value: null,
      words: `${thrown.message} ${thrown.details}`.replaceAll(/127\.0\.0\.1:\d+/g, "the store"),
    };
  }
}

/** Plays the same answers to both paths, and gives what both made of them; that it is the same is tested here. */
async function onBothPaths<T>(recordings: Recording[], call: (source: ObjectSource) => Promise<T>) {
  const [lean, sdk] = await Promise.all(
    BOTH_PATHS.map(async ([, isLean]) => {
      const player = await playAnswers(recordings);
      const source = openS3Source(player.settings, { allowEndpoints: null, attemptsMax: 1, lean: isLean });
      try {
        return await resultOf(() => call(source));
      } finally {
        source.close();
        await player.close();
      }
    }),
  );
  if (lean === undefined || sdk === undefined) throw new Error("there are two paths");
  expect(lean).toEqual(sdk);
  return lean;
}

describe("both paths make the same of", () => {
  test.each(LISTINGS)("a listing of %s", async (_what, recording, expected) => {
    const { verdict, value } = await onBothPaths([recording], listFirst);
    expect(verdict).toBe("resolved");
    expect(value).toMatchObject(expected);
    expect(value?.objects).toHaveLength(expected.objects.length);
  });

  test.each(NO_LISTINGS)("what is no page: %s", async (_what, recording, verdict) => {
    expect((await onBothPaths([recording], listFirst)).verdict).toBe(verdict);
  });

  test.each(REFUSALS)("a refusal: %s", async (_what, recording, list, read) => {
    expect((await onBothPaths([recording], listFirst)).verdict).toBe(list);
    const { verdict, value } = await onBothPaths([recording], (source) => readListed(source, LISTED));
    expect(value?.outcome ?? verdict).toBe(read);
  });

  test.each(READS)("a read of %s", async (_what, recording, expected) => {
    const { verdict, value } = await onBothPaths([recording], (source) => readListed(source, LISTED));
    const text = value?.outcome === "read" ? Buffer.from(value.bytes).toString("utf8") : value?.outcome;
    expect(text ?? verdict).toBe(expected);
  });
});
