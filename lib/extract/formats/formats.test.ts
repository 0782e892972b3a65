import { describe, expect, it } from "vitest";
import { readCsv } from "./csv";
import { documentTitle } from "./document-title";
import { readHtml } from "./html";
import { readJson } from "./json";
import { readMarkdown } from "./markdown";
import { pageText } from "./pdf-page";

describe("Markdown's title", () => {
  it.each([
    ["---\ntitle: 'From YAML'\n---\n# Heading", "From YAML"],
    ['+++\ntitle = "From TOML"\n+++\n# Heading', "From TOML"],
    ["---\nauthor: Ada\n---\n\ntext\n\n## Heading ##\n", "Heading"],
    ["text\n\n# [Linked](https://a.example) `code` **bold**", "Linked code bold"],
    ["Underlined\n==========\ntext", "Underlined"],
    ["```\n# a comment\n```\n# Real", "Real"],
    ["#hashtag is no heading", null],
    ["---\n\nA rule above, no front matter", null],
    ["- item\n---\ntext", null],
    ["only text", null],
  ])("%j is %j", (text, title) => {
    expect(readMarkdown(text)).toEqual({ text, title, isCut: false });
  });
});

describe("HTML as text", () => {
  it.each([
    ["blocks are lines, paragraphs stand apart", "<div>a</div><div>b</div><p>c</p><p>d", "a\nb\n\nc\n\nd"],
    ["white space collapses, also around inline tags", "<p>a \n <b> b</b><i>c</i>\n d</p>", "a bc d"],
    ["line breaks are kept", "a<br>b<br/><br>c", "a\nb\n\nc"],
    ["entities are decoded", "&lt;b&gt; &eacute;&#8364;&#x1F600; &unknown;", "<b> é€😀 &unknown;"],
    ["headings are marked", "<h1>A</h1>text<h3>B <i>C</i></h3>", "# A\n\ntext\n\n### B C"],
    ["lists are marked by depth", "<ul><li>a<ul><li>b</li></ul></li><li>c</ul>", "- a\n  - b\n- c"],
    ["table cells stand apart", "<table><tr><td>a<td><p>b</p><tr><td></td><td>c</table>d", "a | b\n| c\n\nd"],
    ["preformatted text keeps its lines", "<pre>a\n  b</pre>", "a\n  b"],
    ["furniture and scripts go", "<nav>n</nav><p>text</p><script>s</script><footer>f</footer>", "text"],
    [
      "an article's own header stays",
      "<header>site</header><article><header><h2>A</h2></header>text</article>",
      "## A\n\ntext",
    ],
    ["hidden elements go", "<p hidden>a</p><p style='DISPLAY:none'>b</p><p aria-hidden=true>c</p>d", "d"],
    ["pictures speak by their alternative text", "<p>see <img alt='a cat' src=x> here", "see a cat here"],
    ["broken markup is read as far as it goes", "<p>a <b>b <p>c</i></div> d <", "a b\n\nc d <"],
  ])("%s", (_, html, text) => {
    expect(readHtml(html).text).toBe(text);
  });

  it("a page nested deeper than the parser can bear is read to its end", () => {
    expect(readHtml(`a${"<div>".repeat(50_000)}b`).text).toBe("a\nb");
  });

  it("a page that stands inside one form as a whole is read all the same", () => {
    expect(readHtml(`<body><form>${"<p>words of the page</p>".repeat(50)}</form>`).text).toContain(
      "words of the page",
    );
  });

  it.each([
    ["<title>A &amp;\nB</title><h1>C</h1>", "A &\nB"],
    ["<body><header><h1>In a <b>header</b></h1></header><p>x", "In a header"],
    ["<title> </title><h1>C</h1><svg><title>icon</title></svg>", "C"],
    ["<p>none", null],
  ])("the title of %j is %j", (html, title) => {
    expect(readHtml(html).title).toBe(title);
  });
});

describe("a table as text", () => {
  it.each([
    ["names its values", "name,city\nAda,London\n", "name: Ada; city: London"],
    ["finds semicolons", "name;price\nTea;1,50\n", "name: Tea; price: 1,50"],
    ["finds tabs", "name\tcity\n\tParis\n", "city: Paris"],
    ["keeps quoted delimiters, quotes and newlines", 'a,b\n"x, ""y""\nz",2\n', 'a: x, "y" z; b: 2'],
    ["keeps all cells of ragged rows", "a,b\n1\n1,2,3\n", "a: 1\na: 1; b: 2; column 3: 3"],
    ["without names is cells with tabs between", "1,2\n3,4\n", "1\t2\n3\t4"],
    ["of one column is its lines", "apples\npears\n", "apples\npears"],
    [
      "survives a quote that never closes",
      'a,b\n1,"x, y"\n"2,3\n4,z\n',
      'a: 1; b: x, y\na: "2; b: 3\na: 4; b: z',
    ],
    ["skips empty rows and a byte order mark", "\uFEFFa,b\n\n,\n1,2\n", "a: 1; b: 2"],
  ])("%s", (_, csv, text) => {
    expect(readCsv(csv).text).toBe(text);
  });

  it("survives many quotes that never close", () => {
    const csv = `a,b\n${'"1,"2\n'.repeat(500)}`;
    expect(readCsv(csv).text.split("\n")).toHaveLength(500);
  });
});

describe("JSON as text", () => {
  it.each([
    ["objects", '{"a":{"b":1},"c":null,"d":true}', "a.b: 1\nc: null\nd: true"],
    ["lists of plain values", '{"a":["x",2]}', "a: x, 2"],
    ["lists of objects", '{"a":[{"b":1},{"b":2}]}', "a[0].b: 1\na[1].b: 2"],
    ["top-level records", '[{"a":1},{"a":2}]', "[0].a: 1\n\n[1].a: 2"],
    ["empty lists and objects", '{"a":[],"b":{},"c":1}', "c: 1"],
    ["a single value", '"alone"', "alone"],
    ["lines of JSON", '{"a":1}\n\n{"a":2}\nbroken\n', "a: 1\n\na: 2\n\nbroken"],
    ["what is no JSON", "{a: 1, // note\n}", "{a: 1, // note\n}"],
  ])("%s", (_, json, text) => {
    expect(readJson(json).text).toBe(text);
  });

  it("has the title that it names itself", () => {
    expect(readJson('{"title":"T"}').title).toBe("T");
    expect(readJson('{"title":{}}').title).toBeNull();
  });
});

describe("a PDF's page", () => {
  const item = (str: string, y: number, hasEOL = true) => ({
    str,
    hasEOL,
    height: 10,
    transform: [10, 0, 0, 10, 0, y],
  });

  it.each([
    ["lines are lines", [item("a", 100), item("b", 88)], "a\nb"],
    ["a wide gap is a paragraph", [item("a", 100), item("b", 80)], "a\n\nb"],
    ["parted words are joined", [item("infor-", 100), item("mation", 88)], "information"],
    ["other hyphens stay", [item("1990-", 100), item("1995 A-", 88), item("B", 76)], "1990-\n1995 A-\nB"],
    ["runs of one line stay together", [item("a ", 100, false), item("b", 100)], "a b"],
  ])("%s", (_, items, text) => {
    expect(pageText(items)).toBe(text);
  });
});

it.each([
  ["Annual report", "Annual report"],
  ["Microsoft Word - Annual report", "Annual report"],
  ["Microsoft Word - draft7.doc", null],
  ["untitled", null],
  ["Document1", null],
  ["", null],
  [null, null],
])("a document property %j gives the title %j", (property, title) => {
  expect(documentTitle(property)).toBe(title);
});
