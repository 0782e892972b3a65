import { describe, expect, test } from "vitest";
import { parseListing } from "./s3-listing-xml";
import { MalformedXml, XmlReader } from "./xml-reader";

const name = (text: string) => Buffer.from(text);

/** The text of the root's only child. */
function textOf(document: string | Buffer): string {
  const xml = new XmlReader(Buffer.from(document));
  xml.enterRoot();
  xml.enter();
  const text = xml.text();
  expect(xml.enter()).toBe(false);
  return text;
}

describe("a text", () => {
  test.each([
    ["<a><b>plain</b></a>", "plain"],
    ["<a><b></b></a>", ""],
    ["<a><b/></a>", ""],
    ["<a><b x='1'/></a>", ""],
    ['<a><b x="1 > 0">one</b ></a>', "one"],
    ["<a><b> spaces stay </b></a>", " spaces stay "],
    ["<a><b>&amp;&lt;&gt;&quot;&apos;</b></a>", "&<>\"'"],
    ["<a><b>&#38;&#x26;&#x1F986;&#13;</b></a>", "&&🦆\r"],
    ["<a><b>a & b &nbsp is &;</b></a>", "a & b &nbsp is &;"],
    ["<a><b>one\r\ntwo\rthree</b></a>", "one\ntwo\nthree"],
    ["<a><b>日本 🦆 &amp; é</b></a>", "日本 🦆 & é"],
    ["<a><b>a<!-- no -->b<?no ?>c<![CDATA[<&amp;>]]>d</b></a>", "abc<&amp;>d"],
    ["\ufeff<?xml version='1.0'?><!-- x > y -->\n<a>\n <b>x</b>\n</a>\n", "x"],
  ])("of %s is %j", (document, text) => expect(textOf(document)).toBe(text));

  test("holds nothing of the document but itself", () => {
    const document = Buffer.from(`<a><b>${"k".repeat(40)}</b></a>`);
    const xml = new XmlReader(document);
    xml.enterRoot();
    xml.enter();
    const text = xml.text();
    document.fill(0);
    expect(text).toBe("k".repeat(40));
  });
});

describe("what is refused", () => {
  test.each([
    "",
    "no markup",
    "<a>",
    "<a",
    "<a><b>x</b>",
    "<a><b>x</b></a",
    "<a><b>x</c></a>",
    "<a><b>x</bb></a>",
    "<a><b>x</a></b>",
    "<a><b>x<c/></b></a>",
    "<a><b>&house;</b></a>",
    "<a><b>&#x110000;</b></a>",
    "<a><b><!-- x</b></a>",
    "<a><b><![CDATA[x</b></a>",
    "<!DOCTYPE a><a><b>x</b></a>",
    "<a>< b>x</b></a>",
    "</a>",
    `${"<a>".repeat(100)}${"</a>".repeat(100)}`,
  ])("%j", (document) => expect(() => readWhole(document)).toThrow(MalformedXml));
});

test("elements that are skipped may hold anything that is whole", () => {
  const xml = new XmlReader(Buffer.from("<a><b><c x='>'><b/>t<b>u</b></c></b><d>found</d></a>"));
  xml.enterRoot();
  xml.enter();
  expect(xml.isNamed(name("b"))).toBe(true);
  expect(xml.isNamed(name("bb"))).toBe(false);
  xml.skip();
  expect(xml.enter()).toBe(true);
  expect(xml.isNamed(name("d"))).toBe(true);
  expect(xml.text()).toBe("found");
});

test("every beginning of a listing that is not the whole is refused", () => {
  const whole =
    "<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key><Size>5</Size></Contents></ListBucketResult>";
  expect(parseListing(Buffer.from(whole)).entries).toHaveLength(1);
  for (let end = 0; end < whole.length; end++) {
    expect(() => parseListing(Buffer.from(whole.slice(0, end)))).toThrow(MalformedXml);
  }
});

test("a listing that neither ends nor goes on is refused", () => {
  for (const word of ["maybe", "", "True"]) {
    const document = `<ListBucketResult><IsTruncated>${word}</IsTruncated></ListBucketResult>`;
    expect(() => parseListing(Buffer.from(document))).toThrow(MalformedXml);
  }
});

test.each([
  ["2026-01-02T03:04:05Z", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["2026-01-02T03:04:05.678Z", Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
  ["2026-01-02T03:04:05.6Z", Date.UTC(2026, 0, 2, 3, 4, 5, 600)],
  ["2026-01-02T03:04:05.678901234Z", Date.UTC(2026, 0, 2, 3, 4, 5, 679)],
  ["2026-01-02T03:04:05+01:30", Date.UTC(2026, 0, 2, 1, 34, 5)],
  ["2026-01-02T03:04:05.5-01:00", Date.UTC(2026, 0, 2, 4, 4, 5, 500)],
])("the time %s is understood", (text, time) => {
  const document = `<L><Contents><LastModified>${text}</LastModified></Contents></L>`;
  expect(parseListing(Buffer.from(document)).entries?.[0]?.lastModified).toBe(time);
});

test.each(["", "today", "2026-01-02", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05", "2026-0x-02T03:04:05Z"])(
  "the time %j is refused",
  (text) => {
    const document = `<L><Contents><LastModified>${text}</LastModified></Contents></L>`;
    expect(() => parseListing(Buffer.from(document))).toThrow(MalformedXml);
  },
);

/** Enters everything, and asks each element without children for its text. */
function readWhole(document: string): void {
  const xml = new XmlReader(Buffer.from(document));
  xml.enterRoot();
  while (xml.enter()) {
    if (xml.isNamed(name("b"))) xml.text();
    else xml.skip();
  }
}
