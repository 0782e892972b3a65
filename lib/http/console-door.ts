import { authenticateSession, type SignedIn } from "./authenticate";
import { demandOwnOrigin } from "./console-door-origin";
import { type DoorCall, type Route, workplaceOf } from "./door-call";
import { errorResponse } from "./error-response";
import { installation } from "./installation";

/** A signed-in person's call. */
export type ConsoleCall<Params> = DoorCall<Params> & SignedIn;

const READING_METHODS = new Set(["GET", "HEAD"]);

/**
 * Wraps a route of `/api/console`. Only a session's cookie opens it. Sends no CORS headers, and whatever changes
 * something must come from a page of this very console.
 *
 *     export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params }) => Response.json(…));
 */
export function consoleDoor<Params = unknown>(
  answer: (call: ConsoleCall<Params>) => Promise<Response>,
): Route<Params> {
  return async (request, context) => {
    const opened = installation();
    try {
      if (!READING_METHODS.has(request.method)) demandOwnOrigin(request.headers, opened.env.url);
      const { actor, sessionId } = await authenticateSession(request.headers);
      const params = await context.params;
      return withConsoleHeaders(await answer({ ...workplaceOf(opened), request, actor, sessionId, params }));
    } catch (thrown) {
      return withConsoleHeaders(errorResponse(thrown, opened.log));
    }
  };
}

/** A stream of events brings a cache-control of its own; everything else is never kept. */
function withConsoleHeaders(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
