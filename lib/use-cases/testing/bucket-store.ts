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

export const accessDenied: RequestListener = (_, response) => {
  response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
};
