/**
 * An S3 server of synthetic objects that answers faster than a client reads, in a process of its own:
 *
 *     node bench/page-server/main.mjs [--keys 100000] [--form small|letter|pdf] [--page-delay-ms 0] [--port 0]
 *
 * Prints its endpoint once it answers, ends with its parent or by a signal. The bucket is `bench`, addressed by
 * path; any credentials are fine.
 */
import { parseArgs } from "node:util";
import { answer, BUCKET } from "./answers.mjs";
import { Catalogue } from "./catalogue.mjs";
import { createHttpServer } from "./http.mjs";

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "100000" },
    form: { type: "string", default: "small" },
    "page-delay-ms": { type: "string", default: "0" },
    port: { type: "string", default: "0" },
  },
});
const catalogue = new Catalogue({
  count: Number(values.keys),
  form: values.form,
  pageDelayMs: Number(values["page-delay-ms"]),
});
const counts = { list: 0, get: 0, head: 0 };
const server = createHttpServer((request) => answer(catalogue, counts, request));
server.listen(Number(values.port), "127.0.0.1", () => {
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  console.log(`${endpoint}/${BUCKET} holds ${catalogue.count} objects.`);
  process.send?.({ endpoint });
});
process.on("disconnect", () => process.exit(0));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
