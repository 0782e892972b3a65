import { type Recording, recorded } from "./answer-player";
import { AWS, MINIO, R2, RGW, TYPE, XML } from "./store-headers";

const error = (code: string, inside = "") => `${XML}<Error><Code>${code}</Code>${inside}</Error>`;

/** Refusals in the forms of known stores, and what they mean for a listing and for a read. */
export const REFUSALS: [what: string, recording: Recording, list: string, read: string][] = [
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
    "object_archived skip",
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
