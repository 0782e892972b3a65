export const LANGUAGES = ["typescript", "python", "curl"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_LABELS: Record<Language, string> = {
  typescript: "TypeScript",
  python: "Python",
  curl: "cURL",
};

type ConnectionCall = { origin: string; connectionId: string; tags: readonly string[] };

/** A program that syncs this connection and lists what it stored. Only the base URL is Sluice's own. */
export function connectionSnippet(language: Language, call: ConnectionCall): string {
  return { typescript: connectionTypescript, python: connectionPython, curl: connectionCurl }[language](call);
}

function connectionTypescript({ origin, connectionId, tags }: ConnectionCall): string {
  const filter = tags.length > 0 ? `containerTags: ${listOf(tags)}` : "";
  return `import Supermemory from "supermemory";

const client = new Supermemory({
  apiKey: process.env.SLUICE_API_KEY,
  baseURL: ${JSON.stringify(origin)},
});

const connection = await client.connections.getByID(${JSON.stringify(connectionId)});
await client.connections.import("s3"${filter && `, { ${filter} }`});
const results = await client.search.documents({ q: "quarterly report"${filter && `, ${filter}`} });
`;
}

function connectionPython({ origin, connectionId, tags }: ConnectionCall): string {
  const filter = tags.length > 0 ? `, container_tags=${listOf(tags)}` : "";
  return `import os
from supermemory import Supermemory

client = Supermemory(
    api_key=os.environ["SLUICE_API_KEY"],
    base_url=${JSON.stringify(origin)},
)

connection = client.connections.get_by_id(${JSON.stringify(connectionId)})
client.connections.import_("s3"${filter})
results = client.search.documents(q="quarterly report"${filter})
`;
}

function connectionCurl({ origin, connectionId, tags }: ConnectionCall): string {
  const body = tags.length > 0 ? { containerTags: tags } : {};
  return `curl "${origin}/v3/connections/${connectionId}" \\
  -H "Authorization: Bearer $SLUICE_API_KEY"

curl -X POST "${origin}/v3/connections/s3/import" \\
  -H "Authorization: Bearer $SLUICE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${shellQuoted(JSON.stringify(body))}'
`;
}

type SearchCall = { origin: string; q: string; tag: string | null };

/** The request that gives what the search page shows. */
export function searchSnippet(language: Language, { origin, q, tag }: SearchCall): string {
  const body = { q, ...(tag === null ? {} : { containerTags: [tag] }) };
  if (language === "typescript") {
    return `import Supermemory from "supermemory";

const client = new Supermemory({
  apiKey: process.env.SLUICE_API_KEY,
  baseURL: ${JSON.stringify(origin)},
});

const results = await client.search.documents(${JSON.stringify(body, null, 2)});
`;
  }
  if (language === "python") {
    return `import os
from supermemory import Supermemory

client = Supermemory(
    api_key=os.environ["SLUICE_API_KEY"],
    base_url=${JSON.stringify(origin)},
)

results = client.search.documents(
    q=${JSON.stringify(q)},${tag === null ? "" : `\n    container_tags=${JSON.stringify([tag])},`}
)
`;
  }
  return `curl -X POST "${origin}/v3/search" \\
  -H "Authorization: Bearer $SLUICE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${shellQuoted(JSON.stringify(body))}'
`;
}

/** A list of texts as TypeScript and Python both write it. */
function listOf(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
}

/** Inside single quotes a shell takes everything as it stands, but for the quote itself. */
function shellQuoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
