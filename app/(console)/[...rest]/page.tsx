import { notFound } from "next/navigation";
import { currentPage } from "@/lib/http/console-page";

/** Any other address: the page that says so, inside the frame. */
export default async function UnknownPage() {
  await currentPage();
  notFound();
}
