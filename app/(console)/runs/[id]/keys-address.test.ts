import { expect, test } from "vitest";
import { SKIP_REASONS } from "@/lib/rules/tally";
import { TALLY_PARTS } from "@/lib/rules/tally-sentence";
import { keysAddress, skippedAddress } from "./keys-address";

const sync = { id: "r", connectionId: "c", kind: "sync" } as const;
const plan = { ...sync, kind: "plan" } as const;

test("what a run changed is listed with the run, and everything else as it is now", () => {
  expect(Object.fromEntries(TALLY_PARTS.map((name) => [name, keysAddress(name, sync)]))).toEqual({
    unchanged: "/connections/c/objects?outcome=stored",
    added: "/runs/r?kind=added#changes",
    updated: "/runs/r?kind=updated#changes",
    retagged: "/runs/r?kind=retagged#changes",
    skipped: "/connections/c/objects?outcome=skipped",
    over_limit: "/connections/c/objects?outcome=over_limit",
    failed: "/runs/r#failures",
    pending: null,
    removed: "/runs/r?kind=removed#changes",
    on_hold: "/runs/r?kind=on_hold#changes",
  });
});

test("what a plan would do is listed with the plan: nothing of it is done", () => {
  expect(keysAddress("unchanged", plan)).toBe("/connections/c/objects?outcome=stored");
  expect(keysAddress("skipped", plan)).toBe("/runs/r?kind=skipped#changes");
  expect(keysAddress("failed", plan)).toBe("/runs/r?kind=failed#changes");
  expect(keysAddress("over_limit", plan)).toBeNull();
  expect(skippedAddress("filtered", plan)).toBe("/runs/r?kind=skipped#changes");
});

test("each reason leads to the objects that are skipped for it now, unless the manifest does not have them", () => {
  for (const reason of SKIP_REASONS.filter((one) => one !== "drifted" && one !== "vanished")) {
    expect(skippedAddress(reason, sync)).toBe(`/connections/c/objects?outcome=skipped&reason=${reason}`);
  }
  expect(skippedAddress("vanished", sync)).toBe("/runs/r?kind=skipped#changes");
  expect(skippedAddress("drifted", { ...sync, kind: "apply" })).toBe("/runs/r?kind=skipped#changes");
});
