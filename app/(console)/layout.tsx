import type { ReactNode } from "react";
import { Frame } from "@/components/frame/frame";
import { labelOf } from "@/lib/core/actor";
import { currentActor } from "@/lib/http/console-page";
import { Providers } from "./_client/providers";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <Frame email={labelOf(await currentActor())}>{children}</Frame>
    </Providers>
  );
}
