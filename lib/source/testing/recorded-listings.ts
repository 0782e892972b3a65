import type { ListedObject } from "../source";
import { chunked, type Recording, recorded } from "./answer-player";
import { AWS, MD5, MINIO, R2, RGW, TYPE, XML } from "./store-headers";

/** Pages in the forms of known stores, and what is in them. */
export const LISTINGS: [
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
