import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy, PAGE_HEADERS, PATH_HEADER } from "@/lib/http/page-headers";

/**
 * Gives every page its own nonce and the headers that keep a browser strict. It lets nobody in and keeps nobody out:
 * each page, action and route asks for itself who is there.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy({ nonce, isDevelopment: process.env.NODE_ENV === "development" });

  const sent = new Headers(request.headers);
  sent.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  sent.set("x-nonce", nonce);
  // Next.js takes the nonce for its own scripts from the policy of the request.
  sent.set("content-security-policy", policy);

  const response = NextResponse.next({ request: { headers: sent } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  return response;
}

/** Pages only. The API and the console's own routes set their headers in their doors. */
export const config = { matcher: ["/((?!v3/|v4/|api/|_next/static|_next/image).*)"] };
