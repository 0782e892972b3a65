import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleExtractChild } from "./child-bundle";
import { type ExtractorArgs, openExtractor } from "./child-pool";
import type { ExtractedDocument, Extractor } from "./extract";
import { docxOf, pdfOf, wordParagraph } from "./samples";

/**
 * A child that does what an object's name says. An object that is read answers with the child's id, how many
 * objects came with it and, of the environment, the names.
 */
const OBEDIENT_CHILD = `
import { existsSync, writeFileSync } from "node:fs";
const hoard = [];
const acts = {
  hang() { for (;;) {} },
  eat() { for (;;) hoard.push(Buffer.alloc(16 * 1024 * 1024, 1)); },
  fill() { process.abort(); },
  die() { process.exit(3); },
  once(marker) { if (!existsSync(marker)) { writeFileSync(marker, ""); for (;;) {} } },
};
process.on("disconnect", () => process.exit());
process.on("message", ({ batch, objects }) => {
  const documents = objects.map(({ name }) => {
    const [act, argument] = name.split(" ");
    acts[act]?.(argument);
    return { outcome: "unsupported", detected: JSON.stringify({ name, pid: process.pid, together: objects.length, env: Object.keys(process.env) }) };
  });
  process.send({ batch, documents, residentBytes: objects[0].name === "grow" ? 1e12 : 0 });
});
process.send({ ready: true });
`;

const folder = mkdtempSync(path.join(tmpdir(), "sluice-extract-"));
const obedient = path.join(folder, "obedient-child.mjs");
const never = new AbortController().signal;
const opened: Extractor[] = [];
let bundled = "";

beforeAll(async () => {
  writeFileSync(obedient, OBEDIENT_CHILD);
  bundled = await bundleExtractChild(folder);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((extractor) => extractor.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(args: Partial<ExtractorArgs> = {}): Extractor {
  const extractor = openExtractor({
    entry: obedient,
    children: 1,
    awaitedMs: 0,
    timeoutMs: 5_000,
    watchIntervalMs: 10,
    ...args,
  });
  opened.push(extractor);
  return extractor;
}

function ask(extractor: Extractor, name: string, bytes: Uint8Array = Buffer.from("x"), signal = never) {
  return extractor.extract({ owner: "one", name, bytes, signal });
}

/** What the obedient child says about an object that it read. */
function account(document: ExtractedDocument): {
  name: string;
  pid: number;
  together: number;
  env: string[];
} {
  if (document.outcome !== "unsupported") throw new Error(`Not read: ${JSON.stringify(document)}`);
  return JSON.parse(document.detected);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("objects come back as documents with chunks and tokens", () => {
  it("of every format that has a parser of its own", async () => {
    const extractor = open({ entry: bundled, children: 2, timeoutMs: 60_000 });
    const [markdown, pdf, docx, legacy] = await Promise.all([
      ask(extractor, "a.md", Buffer.from("# Lanterns\n\nThe keeper lights seven lanterns.")),
      ask(extractor, "b", pdfOf([["Seven lanterns"]], { title: "Inventory of lanterns" })),
      ask(extractor, "c", docxOf(wordParagraph("Seven lanterns", "H1"))),
      ask(extractor, "d.txt", Buffer.from("caf\xe9 d\xe9j\xe0 vu", "latin1")),
    ]);
    expect(markdown).toMatchObject({ outcome: "text", title: "Lanterns", areChunksCut: false });
    expect(markdown).toHaveProperty("chunks", [
      {
        content: "# Lanterns\n\nThe keeper lights seven lanterns.",
        tokens: expect.stringContaining("seven"),
      },
    ]);
    expect(markdown).toHaveProperty("titleTokens", expect.stringMatching(/^lantern/));
    expect(pdf).toMatchObject({
      outcome: "text",
      type: "pdf",
      title: "Inventory of lanterns",
      text: "Seven lanterns",
    });
    expect(docx).toMatchObject({ outcome: "text", type: "text", title: "Seven lanterns" });
    expect(legacy).toMatchObject({ outcome: "text", text: "café déjà vu" });
  });

  it("each to the one who asked, however they travel", async () => {
    const extractor = open({ children: 2 });
    const names = Array.from({ length: 500 }, (_, at) => `object-${at}`);
    const bytes = (at: number) => Buffer.alloc(at % 7 === 0 ? 100_000 : 10);
    const documents = await Promise.all(names.map((name, at) => ask(extractor, name, bytes(at))));
    expect(documents.map((document) => account(document).name)).toEqual(names);
    expect(documents.some((document) => account(document).together > 1)).toBe(true);
    const large = documents.filter((_, at) => at % 7 === 0);
    expect(large.every((document) => account(document).together === 1)).toBe(true);
  });
});

describe("a bad object costs only itself", () => {
  it.each([
    ["hang", "extract_timeout", /longer than 0.4 seconds/],
    ["eat", "extract_failed", /more memory than one object may take/],
    ["fill", "extract_failed", /more memory than one object may take/],
    ["die", "extract_failed", /ended before/],
  ])(
    "one that makes its child %s fails after two tries, and those beside it are read",
    async (name, code, sentence) => {
      const timeoutMs = name === "hang" ? 400 : 15_000;
      const extractor = open({ timeoutMs, residentBytesMax: 250 * 1024 * 1024 });
      const names = ["first", "second", name, "third", "fourth"];
      const documents = await Promise.all(names.map((each) => ask(extractor, each)));
      const [bad] = documents.splice(2, 1);
      const message = expect.stringMatching(sentence);
      expect(bad).toEqual({ outcome: "failed", code, message, detected: null });
      expect(documents.map((document) => account(document).name)).toEqual([
        "first",
        "second",
        "third",
        "fourth",
      ]);
      expect(account(await ask(extractor, "next")).name).toBe("next");
    },
  );

  it("one that hangs a single time is read at the second try", async () => {
    const extractor = open({ timeoutMs: 400 });
    const name = `once ${path.join(folder, "hung")}`;
    expect(account(await ask(extractor, name)).name).toBe(name);
  });
});

describe("the children", () => {
  it("inherit nothing of the environment", async () => {
    process.env.SLUICE_TEST_SECRET = "planted";
    const { env } = account(await ask(open(), "a"));
    delete process.env.SLUICE_TEST_SECRET;
    expect(env).toEqual(expect.not.arrayContaining(["SLUICE_TEST_SECRET", "PATH", "HOME"]));
  });

  it("are kept from one object to the next, until one has grown", async () => {
    const extractor = open();
    const pid = async (name: string) => account(await ask(extractor, name)).pid;
    const first = await pid("a");
    expect(await pid("b")).toBe(first);
    expect(await pid("grow")).toBe(first);
    expect(await pid("c")).not.toBe(first);
  });

  it("are all gone after close, and what was asked is rejected", async () => {
    const extractor = open({ children: 2, timeoutMs: 60_000 });
    const seen = new Set<number>();
    while (seen.size < 2) {
      const documents = await Promise.all([ask(extractor, "a"), ask(extractor, "b"), ask(extractor, "c")]);
      for (const document of documents) seen.add(account(document).pid);
    }
    const pending = [ask(extractor, "hang"), ask(extractor, "c"), ask(extractor, "d")];
    const outcomes = Promise.allSettled(pending);
    await extractor.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect([...seen].map(isAlive)).toEqual([false, false]);
    await expect(ask(extractor, "e")).rejects.toMatchObject({ code: "internal", effect: "retry" });
  });

  it("are as few as do for what comes: another is started when something has waited, while one is there", async () => {
    const extractor = open({ children: 2, awaitedMs: 200, timeoutMs: 600 });
    const pid = async (name: string) => account(await ask(extractor, name)).pid;
    const first = await pid("a");
    for (let at = 0; at < 20; at++) expect(await Promise.all([pid("b"), pid("c")])).toEqual([first, first]);
    const hanging = ask(extractor, "hang");
    // So that it is not in one batch with what comes next.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await pid("d");
    expect(second).not.toBe(first);
    expect(await pid("e")).toBe(second);
    await expect(hanging).resolves.toMatchObject({ code: "extract_timeout" });
  });

  it("that do not start reject what waits, and nothing is called the object's fault", async () => {
    const extractor = open({ entry: path.join(folder, "missing.mjs") });
    const outcomes = await Promise.allSettled([ask(extractor, "a"), ask(extractor, "b")]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "internal", effect: "retry" } });
    }
    await expect(ask(extractor, "c")).rejects.toMatchObject({ code: "internal" });
  });
});

describe("an abort", () => {
  it("takes waiting objects out of the queue and leaves those of others", async () => {
    const extractor = open({ timeoutMs: 60_000 });
    const leaving = new AbortController();
    const marker = path.join(folder, "aborted-work-was-done");
    const staying = ask(extractor, "a", Buffer.alloc(100_000));
    const aborted = [ask(extractor, `once ${marker}`, Buffer.alloc(100_000), leaving.signal)];
    aborted.push(ask(extractor, `once ${marker}`, Buffer.alloc(10), leaving.signal));
    const last = ask(extractor, "b");
    leaving.abort(new Error("the run was superseded"));
    for (const each of aborted) await expect(each).rejects.toThrow("superseded");
    expect(account(await staying).name).toBe("a");
    expect(account(await last).name).toBe("b");
    expect(existsSync(marker)).toBe(false);
  });

  it("that came before asking rejects at once", async () => {
    await expect(
      ask(open(), "a", Buffer.from("x"), AbortSignal.abort(new Error("too late"))),
    ).rejects.toThrow("too late");
  });

  it("during the reading rejects the caller, and the child goes on to the next", async () => {
    const extractor = open({ timeoutMs: 400 });
    await ask(extractor, "a");
    const leaving = new AbortController();
    const reading = ask(extractor, "hang", Buffer.from("x"), leaving.signal);
    const next = ask(extractor, "b");
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort(new Error("stop"));
    await expect(reading).rejects.toThrow("stop");
    expect(account(await next).name).toBe("b");
  });
});
