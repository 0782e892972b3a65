import { SluiceError } from "@/lib/core/errors";

/** What the API has and an S3 connection has not. */
export function unsupported(message: string): SluiceError {
  return new SluiceError({ code: "unsupported", effect: "stop", message });
}

/** An address that leads nowhere. */
export function unknownRoute(request: Request): SluiceError {
  const { pathname } = new URL(request.url);
  return new SluiceError({
    code: "not_found",
    effect: "stop",
    message: "Not found",
    details: `${request.method} ${pathname} is not a route of this server.`,
  });
}
