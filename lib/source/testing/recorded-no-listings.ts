import { chunked, type Recording, recorded } from "./answer-player";
import { TYPE, XML } from "./store-headers";

const page = (inside: string) => `${XML}<ListBucketResult>${inside}</ListBucketResult>`;
const ENTRY = "<Contents><Key>a</Key><Size>5</Size></Contents>";
const END = "<IsTruncated>false</IsTruncated>";

/** What comes instead of a page, with status 200. */
export const NO_LISTINGS: [what: string, recording: Recording, verdict: string][] = [
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
