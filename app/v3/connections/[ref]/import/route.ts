import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { tagsFrom, wireTagFields } from "@/lib/http/wire/container-tags";
import { demandS3 } from "@/lib/http/wire/create-connection";
import { requestSyncByTags } from "@/lib/use-cases/request-sync";

/** Asks for a run of the provider's connections; the answer is text, as the API's clients expect it. */
export const POST = apiDoor<{ ref: string }>(async ({ actor, request, params, read, write, now }) => {
  demandS3(params.ref);
  const containerTags = tagsFrom(parseInput(wireTagFields, await readJsonBody(request)));
  await requestSyncByTags({ actor, read, write, now, input: { containerTags } });
  return new Response("Importing connections...", {
    status: 202,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
});

export const OPTIONS = preflight;
