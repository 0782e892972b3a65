import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { retrievalCorpus } from "./retrieval-corpus";
import { openSearchable, type Searchable } from "./testing/searchable";

let searchable: Searchable;
beforeAll(async () => {
  searchable = openSearchable();
  await searchable.add(retrievalCorpus());
});
afterAll(() => searchable.remove());

const found = (q: string, limit = 10) => searchable.find({ q, tags: [], allowedTags: null, limit });
const idsOf = async (q: string, limit = 10) => (await found(q, limit)).map((document) => document.documentId);

describe("the document that answers a question comes first", () => {
  it.each([
    ["how do i reset my password", "password-reset"],
    ["forgot password", "password-reset"],
    ["password length", "password-rules"],
    ["resetting routers", "reset-router"],
    ["where are my invoices?", "invoices"],
    ["can I get a refund", "refund"],
    ["How do I delete my account?", "delete-account"],
    ["invite team", "team-invite"],
    ["429", "rate-limits"],
    ["too many requests", "rate-limits"],
    ["HMAC signature webhooks", "webhooks"],
    ["hmac-sha256", "webhooks"],
    ["3.11.7", "changelog-311"],
    ["version 3.12.0", "changelog-312"],
    ["E5021", "err-5021"],
    ["certificate expired", "err-5021"],
    ["s3:GetObject", "err-access"],
    ["accessdenied", "err-access"],
    ["ECONNREFUSED", "err-econn"],
    ["127.0.0.1:5432", "err-econn"],
    ["TS-1234", "ticket-1234"],
    ["ts1234", "ticket-1234"],
    ["well known", "ticket-1199"],
    ["foo_bar", "code-py"],
    ["getUserById", "code-ts"],
    ["find unique", "code-ts"],
    ["customer_id", "code-sql"],
    ["c++", "code-cpp"],
    ["C#", "code-cpp"],
    [".net", "code-cpp"],
    ["node_modules", "code-node"],
    ["node_modules/next", "code-node"],
    ["named groups (?<userId>[a-z]+)", "regex"],
    ["security@example.com", "contact"],
    ["maria.lopez", "contact-sales"],
    ["business plan price", "table-prices"],
    ["ap-northeast-1", "table-regions"],
    ["bjorn announcement", "minutes"],
    ["2024-03-15", "minutes"],
    ["o'brien", "onboarding"],
    ["OBrien", "onboarding"],
    ["O’Brien’s", "onboarding"],
    ["disk full failover", "incident"],
    ["restore from backup", "backup"],
    ["ENOSPC", "log-line"],
    ["/var/lib/pg", "log-line"],
    ["天気", "ja-weather"],
    ["東京の天気は？", "ja-weather"],
    ["パスワードをリセットする方法", "ja-password"],
    ["ﾊﾟｽﾜｰﾄﾞ", "ja-password"],
    ["請求書", "ja-invoice"],
    ["在庫", "ja-stock"],
    ["倉", "ja-stock"],
    ["如何重置我的密码", "zh-password"],
    ["存储桶", "zh-bucket"],
    ["退款", "zh-refund"],
    ["비밀번호를 재설정하는 방법", "ko-password"],
    ["배송은", "ko-delivery"],
    ["รหัสผ่าน", "th-password"],
    ["kündigung", "de-kuendigung"],
    ["STRASSE", "de-kuendigung"],
    ["kundigungsfrist", "de-kuendigung"],
    ["sperrmull", "de-muell"],
    ["été", "fr-ete"],
    ["ETE", "fr-ete"],
    ["l’accueil", "fr-ete"],
    ["depot de garantie", "fr-contrat"],
    ["envio", "es-envio"],
    ["еще залог", "ru-dogovor"],
    ["ПАРОЛЬ", "ru-parol"],
    ["ωρες λειτουργιας", "el-ores"],
    ["ΚΥΡΙΑΚΉ", "el-ores"],
    ["مجانا", "ar-shahn"],
    ["पासवर्ड", "hi-sahayata"],
    ["פתוח", "he-shaot"],
    ["istanbul", "tr-izin"],
    ["ｃｈａｎｇｅｌｏｇ ４.０", "changelog-40"],
  ])("%s → %s", async (query, id) => {
    expect((await idsOf(query))[0]).toBe(id);
  });
});

describe("quotes make a phrase", () => {
  it.each([
    ['"foo bar"', ["code-py"]],
    ['"bar comes after"', ["code-foo"]],
    ['"after comes bar"', []],
    ["“restore a backup”", ["backup"]],
    ["「東京の天気」", ["ja-weather"]],
    ["「天気の東京」", []],
    ['"reset the router" pancakes', ["recipes", "reset-router"]],
    ['"c++"', ["code-cpp"]],
  ])("%s", async (query, ids) => {
    expect((await idsOf(query)).sort()).toEqual(ids);
  });
});

describe("what a question may contain without an error", () => {
  it.each([
    ["an open quote", '"reset the router', "reset-router"],
    ["a leading minus, which is a blank", "-reset -router", "reset-router"],
    ["an option", "--timeout=30", "code-py"],
    ["operators of the index", "reset AND NOT (router OR NEAR(a b)) ^x {title}:y", "reset-router"],
    ["asterisk and colon", "router* title:router :", "reset-router"],
    ["a NUL", "rou\0 reset router", "reset-router"],
    ["half a surrogate pair", "\ud800router", "reset-router"],
    ["2,000 characters", `router reset ${"x ".repeat(993)}`, "reset-router"],
    ["more than 2,000 characters", `router reset ${"zz yy ".repeat(5_000)}`, "reset-router"],
  ])("%s", async (_name, query, id) => {
    expect((await idsOf(query))[0]).toBe(id);
  });

  it.each(["", " ", "-", "*", ":", "()", '"', '""', "''", "\0", "?!", "🙂", "\ud800", '" "', "「」"])(
    "%j finds nothing",
    async (query) => {
      expect(await found(query)).toEqual([]);
    },
  );

  it("a question of nothing but stop words asks for these", async () => {
    expect(await idsOf("who to")).toContain("contact");
  });
});

describe("how answers are ordered", () => {
  it("documents with all words stand above those that lack some, on both sides of 0.5", async () => {
    for (const query of ["reset password", "backup workers", "version upgrade workers", "foo bar baz"]) {
      const scores = (await found(query, 100)).map((document) => document.score);
      expect(scores[0]).toBeGreaterThanOrEqual(0.5);
      expect(scores.at(-1)).toBeLessThan(0.5);
    }
  });

  it("any word may match", async () => {
    expect((await idsOf("pancakes zzzunknown coffee")).sort()).toEqual(["coffee", "recipes"]);
  });

  it("the same question gives the same answer", async () => {
    expect(await found("password reset link")).toEqual(await found("password reset link"));
  });

  it("junk never throws, and scores stay between 0 and 1 and in order", async () => {
    const signs = [
      "reset",
      "パス",
      "密码",
      "foo_bar",
      '"',
      "-",
      "*",
      ":",
      "(",
      ")",
      "\0",
      " ",
      "é",
      "ß",
      "ﬁ",
      "'",
      "c++",
    ];
    const more = [
      "\ud83d",
      "\udc00",
      "ก็",
      "\u0301",
      "^",
      "{",
      "NEAR",
      "AND",
      "「",
      "」",
      "3.1",
      "\n",
      "|",
      "\\",
    ];
    const alphabet = [...signs, ...more];
    let seed = 42;
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let round = 0; round < 500; round++) {
      const query = Array.from({ length: next(14) }, () => alphabet[next(alphabet.length)]).join("");
      const scores = (await found(query)).map((document) => document.score);
      expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
      expect(scores).toEqual([...scores].sort((left, right) => right - left));
    }
  });
});
