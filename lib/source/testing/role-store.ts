import type { RequestListener } from "node:http";
import { type LocalStore, startLocalStore } from "./local-store";

const PAGE = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

/** What a request was signed with. */
export type Asked = { authorization: string | undefined; token: string | undefined };

/** `asked` are the listings, `assumed` the forms that asked for a role, and `assumers` what those were signed with. */
export type RoleStore = LocalStore & { asked: Asked[]; assumed: URLSearchParams[]; assumers: Asked[] };

/** A store that gives out roles, too. Each one it gives ends after `lifeMs`; a refusal is given instead of one. */
export async function startRoleStore(
  lifeMs: number,
  refusal: { status: number; code: string } | null = null,
): Promise<RoleStore> {
  const asked: Asked[] = [];
  const assumed: URLSearchParams[] = [];
  const assumers: Asked[] = [];
  const answer: RequestListener = (request, response) => {
    const { authorization, "x-amz-security-token": token } = request.headers;
    const signed = { authorization, token: typeof token === "string" ? token : undefined };
    if (request.method === "GET") {
      asked.push(signed);
      response.end(PAGE);
      return;
    }
    assumers.push(signed);
    const pieces: Buffer[] = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      assumed.push(new URLSearchParams(Buffer.concat(pieces).toString("utf8")));
      if (refusal === null) response.end(roleOf(assumed.length, lifeMs));
      else response.writeHead(refusal.status).end(refusalOf(refusal.code));
    });
  };
  const store = await startLocalStore(answer);
  return { ...store, asked, assumed, assumers };
}

/** The ID of the access key that a request was signed with. */
export function keyIn({ authorization }: Asked): string | undefined {
  return /Credential=([^/]+)/.exec(authorization ?? "")?.[1];
}

function roleOf(number: number, lifeMs: number): string {
  const expiration = new Date(Date.now() + lifeMs).toISOString();
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ROLEKEY${number}</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>token-${number}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

function refusalOf(code: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;
}
