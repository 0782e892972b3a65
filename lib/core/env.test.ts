import { describe, expect, test } from "vitest";
import { readEnv } from "./env";

describe("the environment", () => {
  test("that says nothing gives the defaults", () => {
    const env = readEnv({});
    expect(env).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      url: "http://127.0.0.1:3000",
      trustProxy: false,
      leanS3: true,
      keep: { changes: 90, runs: 730 },
    });
    expect(env.dataDir).toMatch(/\/data$/);
  });

  test("an empty variable counts as not set, as compose files write it", () => {
    expect(readEnv({ PORT: "", SLUICE_API_KEY: "", DATABASE_URL: "" })).toMatchObject({
      port: 3000,
      apiKey: null,
    });
  });

  test("the lean request path is left by saying so, in each way that a switch is written", () => {
    for (const off of ["off", "false", "0"]) expect(readEnv({ SLUICE_LEAN_S3: off }).leanS3).toBe(false);
    for (const on of ["on", "true", "1", ""]) expect(readEnv({ SLUICE_LEAN_S3: on }).leanS3).toBe(true);
  });

  test("the public origin has no slash at its end, and a wildcard host is no place to send a browser to", () => {
    expect(readEnv({ SLUICE_URL: "https://sluice.example.com/" }).url).toBe("https://sluice.example.com");
    expect(readEnv({ HOST: "0.0.0.0", PORT: "80" }).url).toBe("http://localhost:80");
    expect(readEnv({ HOST: "::1" }).url).toBe("http://[::1]:3000");
  });

  test.each([
    ["PORT", "abc"],
    ["PORT", "70000"],
    ["SLUICE_URL", "sluice.example.com"],
    ["SLUICE_API_KEY", "short"],
    ["SLUICE_TRUST_PROXY", "maybe"],
    ["SLUICE_LOG_LEVEL", "loud"],
    ["SLUICE_KEEP_CHANGES_DAYS", "0"],
    ["SLUICE_KEEP_CHANGES_DAYS", "1.5"],
    ["SLUICE_KEEP_CHANGES_DAYS", "731"],
    ["SLUICE_KEEP_RUNS_DAYS", "89"],
    ["SLUICE_KEEP_RUNS_DAYS", "3651"],
    ["SLUICE_KEEP_RUNS_DAYS", "for ever"],
    ["SLUICE_ADMIN_EMAIL", "nobody"],
    ["SLUICE_ADMIN_PASSWORD", "alone"],
    ["DATABASE_URL", "mysql://localhost/sluice"],
    ["DATABASE_URL", "localhost/sluice"],
  ])("a wrong %s is refused by its name", (name, value) => {
    expect(() => readEnv({ [name]: value })).toThrow(name);
  });

  test("what runs did is kept for as many days as are said, and no longer than the runs", () => {
    const { keep } = readEnv({ SLUICE_KEEP_CHANGES_DAYS: "7", SLUICE_KEEP_RUNS_DAYS: "7" });
    expect(keep).toEqual({ changes: 7, runs: 7 });
    const tooLong = { SLUICE_KEEP_CHANGES_DAYS: "8", SLUICE_KEEP_RUNS_DAYS: "7" };
    expect(() => readEnv(tooLong)).toThrow(/SLUICE_KEEP_CHANGES_DAYS.*SLUICE_KEEP_RUNS_DAYS \(7\)/);
  });

  test.each(["postgres://sluice:word@db:5432/sluice", "postgresql:///sluice?host=/run/postgresql"])(
    "%s is a database to share, once all that share it are given the same secret key",
    (url) => {
      expect(() => readEnv({ DATABASE_URL: url })).toThrow(/SLUICE_SECRET_KEY.*openssl/);
      const env = readEnv({ DATABASE_URL: url, SLUICE_SECRET_KEY: "key" });
      expect(env.databaseUrl).toBe(url);
      expect(readEnv({}).databaseUrl).toBeNull();
    },
  );
});
