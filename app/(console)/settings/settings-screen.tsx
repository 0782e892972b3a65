"use client";

import { LogOut } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { Section } from "@/components/frame/section";
import type { Theme } from "@/components/frame/theme";
import { PasswordForm } from "@/components/settings/password-form";
import { SessionTable } from "@/components/settings/session-table";
import { ShortcutSwitch } from "@/components/settings/shortcut-switch";
import { ThemeChoice } from "@/components/settings/theme-choice";
import { Button } from "@/components/ui/button";
import type { ChangePasswordInput, SessionView } from "@/lib/auth/schema";
import { countOf } from "@/lib/rules/format";
import { signOutAction } from "../../(entry)/actions";
import { asked } from "../_client/answer-of";
import { changePasswordAction, endSessionAction } from "./actions";

export function SettingsScreen({ sessions, theme }: { sessions: SessionView[]; theme: Theme }) {
  const router = useRouter();
  const change = async (input: ChangePasswordInput) => {
    const answer = await asked(changePasswordAction(input));
    if (answer.ok) {
      const ended = countOf(answer.value.sessionsEnded, "other session");
      toast.success("Password changed", { description: `${ended} ended.` });
      router.refresh();
    }
    return answer;
  };
  const end = async (session: SessionView) => {
    const answer = await asked(endSessionAction({ id: session.id }));
    if (answer.ok) toast.success("Session ended");
    else toast.error("The session could not be ended", { description: answer.message });
    router.refresh();
  };
  const signOut = async () => {
    const answer = await asked(signOutAction({}));
    if (answer.ok) window.location.assign(answer.value.path);
    else toast.error("Signing out did not work", { description: answer.message });
  };
  return (
    <div className="flex max-w-3xl flex-col gap-10">
      <Section title="Theme">
        <div>
          <ThemeChoice theme={theme} />
        </div>
      </Section>
      <Section title="Keyboard">
        <ShortcutSwitch />
      </Section>
      <Section title="Password" hint="Changing it ends your other sessions.">
        <PasswordForm onChangePassword={change} />
      </Section>
      <Section
        title="Sessions"
        hint="Where you are signed in."
        actions={
          <Button size="small" onClick={signOut}>
            <LogOut aria-hidden />
            Sign out
          </Button>
        }
      >
        <SessionTable sessions={sessions} onEnd={end} />
      </Section>
    </div>
  );
}
