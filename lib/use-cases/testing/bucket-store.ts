import type { RequestListener } from "node:http";

/** What a store on the loopback says of a bucket with one object that may be read. */
export const oneObject: RequestListener = (request, response) => {
  if (request.url?.includes("list-type=2")) {
    response.end(
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a.txt</Key><Size>5</Size>" +
        "<StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>",
    );
    return;
  }
  response.writeHead(206, { "content-length": 1 }).end("h");
};

/** The same of a store that gives ETags, and does not look at a condition, or refuses every one. */
export function oneObjectWithEtag(conditions: "ignored" | "refused"): RequestListener {
  return (request, response) => {
    if (request.url?.includes("list-type=2")) {
      response.end(
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a.txt</Key><Size>5</Size>" +
          "<ETag>abc</ETag></Contents></ListBucketResult>",
      );
    } else if (request.headers["if-match"] !== undefined && conditions === "refused") {
      response.writeHead(412).end();
    } else response.writeHead(206, { "content-length": 1, etag: "abc" }).end("h");
  };
}

export const accessDenied: RequestListener = (_, response) => {
  response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
};
