import { said } from "./said";

/** An answer of the console's own routes that is no success: a sentence to show, and its status. */
export class ConsoleError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "ConsoleError";
    this.status = status;
  }
}

/**
 * GET of one of the console's own routes. What it answers has the type that the route's verb gives it; the two are
 * built together. A session that is over sends the browser to the sign-in, and back afterwards.
 */
export async function fetchJson<Value>(path: string, signal?: AbortSignal): Promise<Value> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (response.ok) return response.json();
  if (response.status === 401) goToSignIn();
  const body: { error?: string; details?: string } = await response.json().catch(() => ({}));
  const message = said(body.error, body.details);
  throw new ConsoleError(
    message || "Sluice did not answer as expected. Look at its log, then try again.",
    response.status,
  );
}

export function goToSignIn(): void {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** Query parameters, without those that are empty. */
export function withQuery(path: string, parameters: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value);
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
