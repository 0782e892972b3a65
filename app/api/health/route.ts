import { isDatabaseWell } from "@/lib/http/health";

/** 200 when the database answers, else 503. Open to everybody: it says nothing more. */
export async function GET(): Promise<Response> {
  const isWell = await isDatabaseWell();
  return Response.json({ status: isWell ? "ok" : "unavailable" }, { status: isWell ? 200 : 503 });
}

export const dynamic = "force-dynamic";
