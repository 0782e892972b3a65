import { expect, test } from "vitest";
import { openSqliteHandle } from "../sqlite-handle";
import { jsonText } from "./json-text";

test.each([
  ["whole pairs stay", "a🙂b", "a🙂b"],
  ["the first half of a pair", "a\ud83d", "a\ufffd"],
  ["the second half of a pair", "\ude42b", "\ufffdb"],
  ["a NUL", "a\0b", "a\ufffdb"],
  ["what only looks like an escape", "\\ud83d \\u0000", "\\ud83d \\u0000"],
])("a text comes back from the database: %s", (_what, text, expected) => {
  const handle = openSqliteHandle(":memory:");
  const statement = handle.prepare("SELECT value ->> 'text' AS text FROM json_each(?)");
  expect(statement.get(jsonText([{ text }]))).toMatchObject({ text: expected });
  handle.close();
});
