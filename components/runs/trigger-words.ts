import type { RunTrigger } from "@/lib/rules/run-status";

export const TRIGGER_WORDS: Record<RunTrigger, string> = { manual: "Manual", cron: "Cron", event: "Event" };
