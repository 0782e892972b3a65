import { isWorkerWell } from "@/lib/http/health";

/** 200 when a worker's heartbeat is fresh, else 503. */
export async function GET(): Promise<Response> {
  const isWell = await isWorkerWell();
  return Response.json({ status: isWell ? "ok" : "unavailable" }, { status: isWell ? 200 : 503 });
}

export const dynamic = "force-dynamic";
