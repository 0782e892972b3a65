/** Next.js calls this once when the web process starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startWeb } = await import("./lib/http/start-web");
  startWeb();
}
