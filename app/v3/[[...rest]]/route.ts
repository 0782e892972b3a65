import { apiDoor, preflight } from "@/lib/http/api-door";
import { unknownRoute } from "@/lib/http/wire/unsupported";

/** Every other address answers in JSON, `/v3` itself too. */
const nowhere = apiDoor(async ({ request }) => {
  throw unknownRoute(request);
});

export { nowhere as DELETE, nowhere as GET, nowhere as PATCH, nowhere as POST, nowhere as PUT };
export const OPTIONS = preflight;
