import { expect, test } from "vitest";
import { databaseCodeOf, isDatabaseInTrouble, tellDiskFull } from "./database-trouble";

const withCode = (code: string) => Object.assign(new Error("it did not work"), { code });

test.each([
  "SQLITE_BUSY",
  "SQLITE_FULL",
  "SQLITE_IOERR_WRITE",
  "SQLITE_READONLY",
  "53100",
  "55P03",
  "40P01",
  "57014",
])("%s says that nothing can be written", (code) => expect(isDatabaseInTrouble(withCode(code))).toBe(true));

test.each(["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_TOOBIG", "23505", "22021", "54000", "ERR_INVALID_ARG_TYPE"])(
  "%s is about what was to be written",
  (code) => expect(isDatabaseInTrouble(withCode(code))).toBe(false),
);

test("what has no code is about what was to be written", () => {
  expect(isDatabaseInTrouble(new TypeError("no"))).toBe(false);
  expect(isDatabaseInTrouble("no")).toBe(false);
});

test("what Prisma hands on under a code of its own has the database's", () => {
  const cause = { originalCode: "57P03", kind: "postgres" };
  const thrown = Object.assign(withCode("P2039"), { meta: { driverAdapterError: { cause } } });
  expect(databaseCodeOf(thrown)).toBe("57P03");
  expect(isDatabaseInTrouble(thrown)).toBe(true);
});

test.each(["SQLITE_FULL", "53100"])("%s is told as a disk that a person can make room on", (code) => {
  const thrown = withCode(code);
  expect(tellDiskFull(thrown)).toMatchObject({ code: "internal", effect: "stop", cause: thrown });
});

test("everything else is told as it is", () => {
  const thrown = withCode("53200");
  expect(tellDiskFull(thrown)).toBe(thrown);
});
