"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { ConnectForm } from "@/components/connect-form/connect-form";
import type { ConnectBucketInput } from "@/lib/connections/schema";
import { asked } from "../../_client/answer-of";
import { checkBucketAction, connectBucketAction } from "../actions";

export function NewConnectionScreen() {
  const router = useRouter();
  const connect = async (input: ConnectBucketInput) => {
    const answer = await asked(connectBucketAction(input));
    if (answer.ok) {
      toast.success(`${input.bucket} is connected`, { description: "Its first sync has started." });
      router.push(`/connections/${answer.value.id}`);
    }
    return answer;
  };
  return <ConnectForm onCheck={(input) => asked(checkBucketAction(input))} onConnect={connect} />;
}
