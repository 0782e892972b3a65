import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { decodeText } from "./decode";

const RUSSIAN =
  "Склад откроется в понедельник утром. Ответственный за ключи: Иван Петров. Следующее собрание назначено на двадцатое марта.";
const JAPANESE =
  "倉庫は月曜日の朝六時に開きます。鍵の担当は山田さんです。次の会議は三月二十日に行います。お知らせをよく読んでください。";
const SIMPLIFIED =
  "仓库将于星期一早上六点开门。钥匙由王先生负责保管。下次会议定于三月二十日举行，请大家准时参加。";
const TRADITIONAL =
  "倉庫將於星期一早上六點開門。鑰匙由王先生負責保管。下次會議定於三月二十日舉行，請大家準時參加。";
const KOREAN =
  "창고는 월요일 아침 여섯 시에 문을 엽니다. 열쇠는 김 선생님이 맡고 있습니다. 다음 회의는 삼월 이십일에 열립니다.";
const FRENCH =
  "L’entrepôt ouvrira lundi à six heures. Le système a été vérifié par la société, déjà prête à l’été.";
const GERMAN =
  "Das Lager öffnet am Montag um sechs Uhr früh. Für die Schlüssel ist Frau Müller zuständig; größere Lieferungen später.";
const POLISH =
  "Magazyn będzie otwarty w poniedziałek o szóstej rano. Klucze są u pana Wójcika, proszę się do niego zgłosić. Następne spotkanie odbędzie się później.";
const GREEK =
  "Η αποθήκη ανοίγει τη Δευτέρα στις έξι το πρωί. Τα κλειδιά τα έχει ο κύριος Παπαδόπουλος και η επόμενη συνάντηση είναι τον Μάρτιο.";

describe("the encoding of a text without any mark is found", () => {
  it.each([
    ["utf8", RUSSIAN],
    ["windows-1251", RUSSIAN],
    ["koi8-r", RUSSIAN],
    ["iso-8859-5", RUSSIAN],
    ["Shift_JIS", JAPANESE],
    ["euc-jp", JAPANESE],
    ["gb18030", SIMPLIFIED],
    ["big5", TRADITIONAL],
    ["euc-kr", KOREAN],
    ["windows-1252", FRENCH],
    ["iso-8859-1", GERMAN],
    ["iso-8859-2", POLISH],
    ["iso-8859-7", GREEK],
    ["utf-16le", "Plain English, in two bytes a character.\nSecond line."],
    ["utf-16be", "Plain English, in two bytes a character.\nSecond line."],
    ["utf-16le", RUSSIAN],
    ["utf-16be", RUSSIAN],
    ["utf-16le", JAPANESE],
    ["utf-16be", JAPANESE],
  ])("%s", (encoding, text) => {
    expect(decodeText(iconv.encode(text, encoding), null)).toBe(text);
  });

  it("by the first line that is not ASCII, however late it comes", () => {
    const text = `${"plain ascii line\n".repeat(10_000)}${RUSSIAN}\n`;
    expect(decodeText(iconv.encode(text, "windows-1251"), null)).toBe(text);
  });
});

it.each(["utf8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"])("a %s mark decides", (encoding) => {
  const text = decodeText(iconv.encode(RUSSIAN, encoding, { addBOM: true }), null);
  expect(text?.replace(/^\uFEFF/, "")).toBe(RUSSIAN);
});

describe("what a file declares", () => {
  it("decides where the bytes are not valid UTF-8", () => {
    expect(decodeText(iconv.encode("naïve café", "windows-1250"), "windows-1250")).toBe(
      iconv.decode(iconv.encode("naïve café", "windows-1250"), "windows-1250"),
    );
    expect(decodeText(iconv.encode("Привет", "koi8-r"), "koi8-r")).toBe("Привет");
  });

  it("loses to bytes that are valid UTF-8", () => {
    expect(decodeText(Buffer.from(RUSSIAN), "windows-1251")).toBe(RUSSIAN);
  });

  it("is ignored where it names no encoding, or one that is none of a text", () => {
    for (const declared of ["klingon", "base64", "hex", "internal", "utf-16"]) {
      expect(decodeText(iconv.encode(FRENCH, "windows-1252"), declared)).toBe(FRENCH);
    }
  });
});

describe("binary is told from text", () => {
  it("a few stray NULs in a UTF-8 text do not make it binary", () => {
    expect(decodeText(Buffer.from(`${RUSSIAN}\0\0`), null)).toBe(`${RUSSIAN}\0\0`);
  });

  it.each([
    ["zeros", Buffer.alloc(4_096)],
    ["counting bytes", Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7 + (at >> 3)) % 256))],
    ["little-endian numbers", Buffer.from(Uint32Array.from({ length: 1_024 }, (_, at) => at * 3).buffer)],
    [
      "floating-point numbers",
      Buffer.from(Float64Array.from({ length: 1_024 }, (_, at) => Math.sin(at)).buffer),
    ],
  ])("%s are binary", (_, bytes) => {
    expect(decodeText(bytes, null)).toBeNull();
  });
});
