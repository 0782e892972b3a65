import { afterEach, beforeEach, expect, test } from "vitest";
import { openApiBench } from "@/app/v3/testing/api-bench";
import { temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import { sessionCookieName } from "@/lib/http/session-cookie";
import { GET } from "./[id]/objects/route";

let bench: Awaited<ReturnType<typeof openApiBench>>;
let cookie: string;

beforeEach(async () => {
  bench = await openApiBench();
  const { connectionId, installation } = bench;
  const version = { listedEtag: "e", sizeBytes: 7n, lastModified: 9n, storageClass: "STANDARD" };
  const put = { connectionId, ...version };
  await installation.database.transaction(({ prisma }) =>
    prisma.sourceObject.createMany({
      data: [
        { ...put, key: "a.bin", outcome: "skipped", reason: "unsupported_type" },
        { ...put, key: "b.txt", outcome: "skipped", reason: "archived" },
        { ...put, key: "c.txt", outcome: "skipped", reason: "archived" },
        { ...put, key: "d.txt", outcome: "stored", documentId: "d" },
      ],
    }),
  );
  const { token } = await temporaryAdministrator(installation.database, Date.now());
  cookie = `${sessionCookieName("http://sluice.test")}=${token}`;
});
afterEach(() => bench.remove());

async function ask(query: string, headers: Record<string, string> = { cookie }) {
  const request = new Request(`http://sluice.test/api/console/${query}`, { headers });
  const response = await GET(request, { params: Promise.resolve({ id: bench.connectionId }) });
  return { status: response.status, answer: await response.json() };
}

test("a list of objects is asked for by outcome, reason and the key that it begins after", async () => {
  expect(await ask("?outcome=skipped&reason=archived&afterKey=b.txt")).toEqual({
    status: 200,
    answer: {
      objects: [{ key: "c.txt", reason: "archived", sizeBytes: 7, lastModified: 9, documentId: null }],
      nextAfterKey: null,
    },
  });
  expect((await ask("?outcome=skipped")).answer.objects).toHaveLength(3);
  expect(await ask("")).toMatchObject({ answer: { objects: [{ key: "d.txt", documentId: "d" }] } });
});

test("what is no outcome or reason is refused, and so is who is not signed in", async () => {
  expect((await ask("?outcome=failed")).status).toBe(400);
  expect((await ask("?outcome=skipped&reason=perhaps")).status).toBe(400);
  expect((await ask("", {})).status).toBe(401);
  expect((await ask("", { authorization: `Bearer ${bench.tenantKey}` })).status).toBe(401);
});
