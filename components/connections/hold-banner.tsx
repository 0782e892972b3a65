"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Notice } from "@/components/ui/notice";
import type { ConnectionView, HoldView } from "@/lib/connections/schema";
import { countOf, formatCount } from "@/lib/rules/format";
import { connectionName } from "./connection-state";

export type HoldDecision = "apply" | "dismiss";

type HoldBannerProps = {
  connection: ConnectionView;
  /** Resolves to null when it is decided, or to a sentence that says why it could not be. */
  onDecide: (decision: HoldDecision, shown: HoldView) => Promise<string | null>;
};

/** What a person is asked, about the list as it was when the question was put. */
type Question = { decision: HoldDecision; shown: HoldView };

/** Removals that wait for a person: many documents' objects are gone from the bucket at once. */
export function HoldBanner({ connection, onDecide }: HoldBannerProps) {
  const [asked, setAsked] = useState<Question | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { hold } = connection;
  // A question that was put is seen to its end, also when the page hears meanwhile that nothing waits any more.
  const question = asked ?? (hold && { decision: "dismiss" as const, shown: hold });
  if (question === null) return null;

  const decide = async () => {
    if (asked === null) return;
    setBusy(true);
    const problem = await onDecide(asked.decision, asked.shown);
    setBusy(false);
    setError(problem);
    if (problem === null) setAsked(null);
  };
  return (
    <>
      {hold !== null && <HoldNotice connection={connection} hold={hold} onAsk={setAsked} />}
      <ConfirmDialog
        isOpen={asked !== null}
        onOpenChange={(isOpen) => {
          if (isOpen || isBusy) return;
          setError(null);
          setAsked(null);
        }}
        {...wordsOf(question)}
        isBusy={isBusy}
        error={error}
        onConfirm={decide}
      />
    </>
  );
}

type HoldNoticeProps = {
  connection: ConnectionView;
  hold: HoldView;
  onAsk: (question: Question) => void;
};

function HoldNotice({ connection, hold, onAsk }: HoldNoticeProps) {
  const { keyCount } = hold;
  const gone = `${formatCount(keyCount)} of ${countOf(connection.documentCount, "document")}`;
  return (
    <Notice
      tone="attention"
      title={`Removals on hold: the objects of ${gone} are no longer in ${connectionName(connection)}`}
      actions={
        <>
          <Button size="small" onClick={() => onAsk({ decision: "apply", shown: hold })}>
            Remove {countOf(keyCount, "document")}…
          </Button>
          <Button size="small" onClick={() => onAsk({ decision: "dismiss", shown: hold })}>
            Keep them…
          </Button>
        </>
      }
    >
      Nothing is removed until you decide. If the bucket was emptied by mistake or the credentials see only a
      part of it, put that right and sync again.
    </Notice>
  );
}

function wordsOf({ decision, shown }: Question) {
  const documents = countOf(shown.keyCount, "document");
  if (decision === "apply") {
    return {
      title: `Remove ${documents}?`,
      description:
        "Sluice looks once more whether each object is gone, then removes its document from search. This cannot be undone, but an object that returns is read again.",
      confirmLabel: `Remove ${documents}`,
      tone: "danger" as const,
    };
  }
  return {
    title: `Keep ${documents}?`,
    description:
      "They stay in search although their objects are gone, and Sluice does not ask about them again. A document whose object returns follows the bucket as before.",
    confirmLabel: `Keep ${documents}`,
    tone: "primary" as const,
  };
}
