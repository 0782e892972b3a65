"use client";

import { useEffect, useRef, useState } from "react";
import { connectionName, isAtWork } from "@/components/connections/connection-state";
import type { ConnectionView } from "@/lib/connections/schema";
import { tallySummary } from "@/lib/rules/tally-sentence";

/** A sentence for screen readers when a run that was going on has ended. Says nothing on the way. */
export function useFinishedRuns(connections: readonly ConnectionView[]): string {
  const atWork = useRef(new Set<string>());
  const [message, setMessage] = useState("");
  useEffect(() => {
    const finished = connections.filter((one) => atWork.current.has(one.id) && !isAtWork(one));
    atWork.current = new Set(connections.filter(isAtWork).map((one) => one.id));
    if (finished.length > 0) setMessage(finished.map(sentenceOf).join(" "));
  }, [connections]);
  return message;
}

function sentenceOf(connection: ConnectionView): string {
  const run = connection.lastRun;
  if (run === null) return "";
  const name = connectionName(connection);
  if (run.status === "failed") return `Sync of ${name} failed. ${run.error ?? ""}`;
  return `Sync of ${name} ${run.status}: ${tallySummary(run.tally)}.`;
}
