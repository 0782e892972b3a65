import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { invalidInput } from "@/lib/core/errors";
import { isAws, resolveTarget, roleEndpoint } from "./endpoint";
import { translateAmbientError, translateRoleError } from "./identity-errors";
import { silent } from "./sdk-transport";
import type { AccessKey, SourceCredentials, SourceSettings } from "./source";

/** What requests are signed with; the SDK asks a function again before what it gave has ended. */
export type S3Identity = NonNullable<S3ClientConfig["credentials"]>;

/** As the service that gives out roles records who asked. */
const ROLE_SESSION_NAME = "sluice";

const ASKERS: Readonly<Record<SourceCredentials["kind"], string>> = {
  keys: "The access key",
  role: "The role",
  ambient: "The identity of this server",
  anonymous: "An anonymous caller",
};

/** Who asks, as a sentence begins with it. */
export function askerOf({ kind }: SourceCredentials): string {
  return ASKERS[kind];
}

/** Null for nobody. Throws `invalid_input` where this machine's own identity would be used and may not be. */
export function identityOf(
  settings: SourceSettings,
  tools: { transport: NodeHttpHandler; attemptsMax: number; isAmbientAllowed: boolean },
): S3Identity | null {
  const { credentials } = settings;
  switch (credentials.kind) {
    case "keys":
      return keyOf(credentials);
    case "anonymous":
      return null;
    case "ambient":
      return ambientIdentity(settings, tools.isAmbientAllowed);
    case "role": {
      const { base } = credentials;
      const asker = base === null ? ambientIdentity(settings, tools.isAmbientAllowed) : keyOf(base);
      return roleIdentity(settings, { ...tools, ...credentials, asker });
    }
  }
}

function keyOf({ accessKeyId, secretAccessKey, sessionToken }: AccessKey) {
  return { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? undefined };
}

/** A store that is not AWS would be shown what this machine is allowed elsewhere; so would whoever reads along. */
function ambientIdentity(settings: SourceSettings, isAllowed: boolean) {
  if (!isAllowed) {
    throw invalidInput(
      "metadata.credentialsKind",
      "this server's own AWS identity may not be used; set SLUICE_ALLOW_AMBIENT_CREDENTIALS=on to allow it, or enter an access key.",
    );
  }
  if (!isAws(settings) || resolveTarget(settings).endpoint.url.startsWith("http:")) {
    throw invalidInput(
      "metadata.credentialsKind",
      "this server's own identity is used towards AWS over https alone, also with SLUICE_ALLOW_AMBIENT_CREDENTIALS; enter an access key for this endpoint.",
    );
  }
  const chain = fromNodeProviderChain({ logger: silent });
  return async () => {
    try {
      return await chain();
    } catch (error) {
      throw translateAmbientError(error);
    }
  };
}

type RoleArgs = {
  roleArn: string;
  externalId: string | null;
  asker: ReturnType<typeof keyOf> | ReturnType<typeof ambientIdentity>;
  transport: NodeHttpHandler;
  attemptsMax: number;
};

function roleIdentity(
  settings: SourceSettings,
  { roleArn, externalId, asker, transport, attemptsMax }: RoleArgs,
) {
  const { url, host } = roleEndpoint(settings);
  const { region } = resolveTarget(settings);
  const assume = fromTemporaryCredentials({
    masterCredentials: asker,
    params: { RoleArn: roleArn, RoleSessionName: ROLE_SESSION_NAME, ExternalId: externalId ?? undefined },
    logger: silent,
    clientConfig: {
      endpoint: url,
      region,
      requestHandler: transport,
      maxAttempts: attemptsMax,
      retryMode: "standard",
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      defaultsMode: "standard",
    },
  });
  return async () => {
    try {
      return await assume();
    } catch (error) {
      throw translateRoleError(error, { roleArn, host });
    }
  };
}
