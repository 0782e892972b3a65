import { notFound } from "next/navigation";
import { asSluiceError } from "@/lib/core/errors";

/** What a verb finds; where there is none, the page that says so. */
export async function notFoundUnless<Value>(found: Promise<Value>): Promise<Value> {
  try {
    return await found;
  } catch (thrown) {
    if (asSluiceError(thrown).code === "not_found") notFound();
    throw thrown;
  }
}
