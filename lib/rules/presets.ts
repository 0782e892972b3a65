/** The services that the form knows by name. `other` is every S3-compatible endpoint besides. */
export const PRESET_IDS = ["aws", "r2", "spaces", "minio", "tigris", "other"] as const;
export type PresetId = (typeof PRESET_IDS)[number];

export type Preset = {
  id: PresetId;
  label: string;
  /** Two letters for a small mark, where a logo would not be ours to use. */
  mark: string;
  /** What the endpoint field starts with; null where there is none to give (AWS). A `<…>` is for a person to fill. */
  endpoint: string | null;
  region: string;
  addressingStyle: "path" | "virtual";
  endpointHint: string;
  regionHint: string;
  /** Where the access key is made and what it needs to be allowed. */
  credentialsHint: string;
  /** True where the service reads AWS's policy language, so that the IAM policy helps. */
  hasIamPolicy: boolean;
};

export const PRESETS: Record<PresetId, Preset> = {
  aws: {
    id: "aws",
    label: "AWS S3",
    mark: "S3",
    endpoint: null,
    region: "us-east-1",
    addressingStyle: "virtual",
    endpointHint: "AWS needs no endpoint: the region says where the bucket is.",
    regionHint: "The bucket's own region, such as eu-central-1.",
    credentialsHint: "An IAM user's access key with the policy at the side.",
    hasIamPolicy: true,
  },
  r2: {
    id: "r2",
    label: "Cloudflare R2",
    mark: "R2",
    endpoint: "https://<account-id>.r2.cloudflarestorage.com",
    region: "auto",
    addressingStyle: "path",
    endpointHint: "Put your account ID in place of <account-id>. Leave the bucket's name out.",
    regionHint: "R2 takes auto.",
    credentialsHint: "An R2 API token with Object Read permission for this bucket.",
    hasIamPolicy: false,
  },
  spaces: {
    id: "spaces",
    label: "DigitalOcean Spaces",
    mark: "DO",
    endpoint: "https://nyc3.digitaloceanspaces.com",
    region: "nyc3",
    addressingStyle: "virtual",
    endpointHint: "The region's endpoint, without the Space's name in front.",
    regionHint: "The same slug as in the endpoint, such as nyc3 or fra1.",
    credentialsHint: "A Spaces access key with Read permission for this Space.",
    hasIamPolicy: false,
  },
  minio: {
    id: "minio",
    label: "MinIO",
    mark: "MI",
    endpoint: "https://minio.example.com",
    region: "us-east-1",
    addressingStyle: "path",
    endpointHint: "The server's S3 API address (port 9000 by default), not its console's.",
    regionHint: "us-east-1, unless the server names another.",
    credentialsHint: "An access key whose policy allows s3:ListBucket and s3:GetObject.",
    hasIamPolicy: true,
  },
  tigris: {
    id: "tigris",
    label: "Tigris",
    mark: "TI",
    endpoint: "https://t3.storage.dev",
    region: "auto",
    addressingStyle: "virtual",
    endpointHint: "The same address everywhere. Leave the bucket's name out.",
    regionHint: "Tigris takes auto.",
    credentialsHint: "An access key with the ReadOnly role for this bucket.",
    hasIamPolicy: false,
  },
  other: {
    id: "other",
    label: "Other S3-compatible",
    mark: "··",
    endpoint: "",
    region: "us-east-1",
    addressingStyle: "path",
    endpointHint: "The base URL of the service's S3 API, without bucket or path.",
    regionHint: "What the service calls its region; us-east-1 where it has none.",
    credentialsHint: "A key that may list this bucket and read its objects.",
    hasIamPolicy: false,
  },
};

const HOSTS: readonly [RegExp, PresetId][] = [
  [/(^|\.)amazonaws\.(com|com\.cn|eu)$/, "aws"],
  [/\.r2\.cloudflarestorage\.com$/, "r2"],
  [/\.digitaloceanspaces\.com$/, "spaces"],
  [/(^|\.)(t3\.storage\.dev|fly\.storage\.tigris\.dev)$/, "tigris"],
  [/(^|[.-])minio([.-]|$)/, "minio"],
];

/** Which service a saved connection's endpoint belongs to. Null means AWS. Port 9000 is taken for MinIO. */
export function presetOf(endpoint: string | null): Preset {
  if (endpoint === null || endpoint.trim() === "") return PRESETS.aws;
  if (!URL.canParse(endpoint)) return PRESETS.other;
  const { hostname, port } = new URL(endpoint);
  const known = HOSTS.find(([host]) => host.test(hostname));
  if (known) return PRESETS[known[1]];
  return port === "9000" ? PRESETS.minio : PRESETS.other;
}

/**
 * What is wrong with an endpoint as far as a browser can tell, in a sentence; null when nothing is.
 * The server has the last word: it also judges the address.
 */
export function endpointProblem(text: string, presetId: PresetId): string | null {
  const endpoint = text.trim();
  if (presetId === "aws") return null;
  if (endpoint === "") return "Enter the service's base URL, such as https://minio.example.com.";
  if (/<[^>]*>/.test(endpoint))
    return "Put your own value in place of the part between < and >, which is a placeholder.";
  if (!/^https?:\/\//i.test(endpoint)) return "Start with https:// or http://.";
  if (!URL.canParse(endpoint)) return "This is not a URL. It reads like https://minio.example.com.";
  const url = new URL(endpoint);
  if (url.username !== "" || url.password !== "")
    return "Leave user name and password out of the address; the access key goes below.";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    return "Only the base URL: leave out the path. The bucket has a field of its own.";
  return null;
}
