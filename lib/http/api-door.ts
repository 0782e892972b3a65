import { authenticateApiKey } from "./authenticate";
import { type DoorCall, type Route, workplaceOf } from "./door-call";
import { errorResponse } from "./error-response";
import { installation } from "./installation";

/** A program's call: its actor is always an API key. */
export type ApiCall<Params> = DoorCall<Params>;

/**
 * Wraps a route of `/v3` or `/v4`. Only an API key opens it; cookies are not looked at, so a page of another site
 * gains nothing from a signed-in browser and every origin may call.
 *
 *     export const GET = apiDoor<{ id: string }>(async ({ actor, read, params }) =>
 *       Response.json(connectionToWire(await read((tx) => getConnection({ actor, tx, input: params })))));
 *     export const OPTIONS = preflight;
 *
 * Whatever is thrown becomes `{ error, details? }`.
 */
export function apiDoor<Params = unknown>(
  answer: (call: ApiCall<Params>) => Promise<Response>,
): Route<Params> {
  return async (request, context) => {
    const opened = installation();
    try {
      const actor = await authenticateApiKey(request);
      const params = await context.params;
      return withApiHeaders(await answer({ ...workplaceOf(opened), request, actor, params }));
    } catch (thrown) {
      // Nobody reads this answer any more, and nothing is wrong with Sluice.
      if (request.signal.aborted) return withApiHeaders(new Response(null, { status: 499 }));
      return withApiHeaders(errorResponse(thrown, opened.log));
    }
  };
}

/** The answer to a browser's question whether it may call: yes, from everywhere, without cookies. */
export function preflight(): Response {
  return withApiHeaders(
    new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        // The star does not cover Authorization (Fetch standard, CORS-safelisting of wildcards).
        "access-control-allow-headers": "*, authorization",
        "access-control-max-age": "86400",
      },
    }),
  );
}

function withApiHeaders(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "*");
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
