import { describe, expect, test } from "vitest";
import { newSecretKey, openVault } from "./vault";

const vault = openVault({ current: newSecretKey(), previous: null });

describe("the vault", () => {
  test("opens what it sealed, and never seals the same text twice alike", () => {
    const sealed = vault.seal("秘密 secret");
    expect(vault.open(sealed)).toBe("秘密 secret");
    expect(vault.seal("秘密 secret")).not.toBe(sealed);
    expect(sealed).not.toContain("secret");
  });

  test("an altered seal does not open", () => {
    const sealed = vault.seal("secret");
    const altered = sealed.slice(0, -2) + (sealed.endsWith("AA") ? "BB" : "AA");
    expect(() => vault.open(altered)).toThrow();
  });

  test("the previous key opens older seals, a foreign key opens none", () => {
    const older = newSecretKey();
    const sealed = openVault({ current: older, previous: null }).seal("secret");
    const renewed = openVault({ current: newSecretKey(), previous: older });
    expect(renewed.open(sealed)).toBe("secret");
    expect(renewed.isCurrent(sealed)).toBe(false);
    expect(() => vault.open(sealed)).toThrow("SLUICE_SECRET_KEY");
  });

  test("a key that is not 32 bytes is refused by name", () => {
    expect(() => openVault({ current: "c2hvcnQ=", previous: null })).toThrow(
      "SLUICE_SECRET_KEY: must be 32 bytes",
    );
  });
});
