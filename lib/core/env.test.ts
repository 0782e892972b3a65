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
    });
    expect(env.dataDir).toMatch(/\/data$/);
  });

  test("an empty variable counts as not set, as compose files write it", () => {
    expect(readEnv({ PORT: "", SLUICE_API_KEY: "", DATABASE_URL: "" })).toMatchObject({
      port: 3000,
      apiKey: null,
    });
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
    ["SLUICE_ADMIN_EMAIL", "nobody"],
    ["SLUICE_ADMIN_PASSWORD", "alone"],
    ["DATABASE_URL", "mysql://localhost/sluice"],
    ["DATABASE_URL", "localhost/sluice"],
  ])("a wrong %s is refused by its name", (name, value) => {
    expect(() => readEnv({ [name]: value })).toThrow(name);
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
