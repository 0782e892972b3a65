import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, it, vi } from "vitest";
import { startChild } from "./child";

/** Answers every batch with as many empty documents. */
const CHILD = `
process.on("disconnect", () => process.exit());
process.on("message", ({ batch, objects }) => {
  process.send({ batch, documents: objects.map(() => ({ outcome: "empty" })), residentBytes: 0 });
});
process.send({ ready: true });
`;

const folder = mkdtempSync(path.join(tmpdir(), "sluice-child-"));
const entry = path.join(folder, "child.mjs");
writeFileSync(entry, CHILD);
afterAll(() => rmSync(folder, { recursive: true }));

it("nothing of a batch that was read is kept for as long as the child lives", async () => {
  const child = startChild(entry, {
    startTimeoutMs: 20_000,
    timeoutMs: 20_000,
    residentBytesMax: 1e12,
    watchIntervalMs: 100,
  });
  const read = async () => {
    const bytes = Buffer.alloc(1_000);
    await child.read([{ name: "object", bytes }]);
    return new WeakRef(bytes);
  };
  await child.isReady;
  const references: WeakRef<Buffer>[] = [];
  for (let batch = 0; batch < 50; batch++) references.push(await read());
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const isLetGo = () => {
    collect();
    return references.every((reference) => reference.deref() === undefined);
  };
  await vi.waitUntil(isLetGo, { timeout: 10_000 });
  expect(references).toHaveLength(50);
  await child.end();
});
