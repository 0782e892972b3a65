"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Toaster } from "sonner";
import { useShortcut } from "@/components/frame/use-shortcut";
import { ConsoleError } from "./fetch-json";

const STALE_MS = 1_000;
const RETRIES_MAX = 2;

/** What the pages share in the browser: the store of answers, toasts, the shortcuts that work everywhere. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  const router = useRouter();
  useShortcut("/", () => router.push("/search"));
  useShortcut("n", () => router.push("/connections/new"));
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toaster
        position="bottom-right"
        toastOptions={{
          unstyled: true,
          classNames: {
            toast:
              "flex w-(--width) font-sans items-start gap-2.5 rounded-lg border border-line bg-surface px-4 py-3 text-base text-ink shadow-float",
            title: "font-medium",
            description: "text-sm text-ink-muted wrap-anywhere",
            error: "[&_[data-icon]]:text-failed-ink",
            success: "[&_[data-icon]]:text-good-ink",
            icon: "mt-0.5",
          },
        }}
      />
    </QueryClientProvider>
  );
}

/** What the server refuses is not asked for again; only a lost connection or a fault of its own is. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (count, error) =>
          count < RETRIES_MAX && !(error instanceof ConsoleError && error.status < 500),
      },
    },
  });
}
