import type { Metadata } from "next";
import { cookies } from "next/headers";
import { PageHeader } from "@/components/frame/page-header";
import { THEME_COOKIE, themeOf } from "@/components/frame/theme";
import { listSessions } from "@/lib/auth/list-sessions";
import { labelOf } from "@/lib/core/actor";
import { currentPage } from "@/lib/http/console-page";
import { SettingsScreen } from "./settings-screen";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const { actor, sessionId, read, now } = await currentPage();
  const sessions = await read((tx) =>
    listSessions({ actor, tx, input: { currentSessionId: sessionId }, now }),
  );
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <>
      <PageHeader title="Settings" facts={`Signed in as ${labelOf(actor)}`} />
      <SettingsScreen sessions={sessions} theme={theme} />
    </>
  );
}
