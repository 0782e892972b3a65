import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Makes a role that `trusted` may assume (a user's id), where `externalId` is given only with it, and that may list
 * and read `bucket`. Resolves to its ARN. `user` needs the right to make roles.
 */
export async function createRole({ endpoint, user, name, trusted, bucket, externalId = null }) {
  const iam = (action, parameters) => callIam({ endpoint, user, action, parameters });
  await iam("CreateRole", {
    RoleName: name,
    Path: "/",
    AssumeRolePolicyDocument: JSON.stringify(trustPolicy(trusted, externalId)),
  });
  await iam("PutRolePolicy", {
    RoleName: name,
    PolicyName: "read",
    PolicyDocument: JSON.stringify(readPolicy(bucket)),
  });
  return `arn:aws:iam:::role/${name}`;
}

/** Takes a role away; whoever has assumed it may do nothing more. */
export async function removeRole({ endpoint, user, name }) {
  const iam = (action, parameters) => callIam({ endpoint, user, action, parameters });
  await iam("DeleteRolePolicy", { RoleName: name, PolicyName: "read" });
  await iam("DeleteRole", { RoleName: name });
}

function trustPolicy(trusted, externalId) {
  const condition =
    externalId === null ? {} : { Condition: { StringEquals: { "sts:ExternalId": externalId } } };
  return policy({
    Principal: { AWS: [`arn:aws:iam:::user/${trusted}`] },
    Action: ["sts:AssumeRole"],
    ...condition,
  });
}

function readPolicy(bucket) {
  return policy({
    Action: ["s3:ListBucket", "s3:GetObject"],
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  });
}

function policy(statement) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] };
}

/** IAM's query API, in which Ceph wants the parameters in the body of a POST. */
async function callIam({ endpoint, user, action, parameters }) {
  const url = new URL(endpoint);
  const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }).toString();
  const signer = new SignatureV4({
    service: "iam",
    region: "us-east-1",
    credentials: user,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    path: "/",
    headers: { host: url.host, "content-type": "application/x-www-form-urlencoded" },
    body,
  });
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const answer = await fetch(url, { method: "POST", headers, body, signal });
  if (!answer.ok) throw new Error(`${action} answered ${answer.status}: ${await answer.text()}`);
}

class Sha256 {
  #hash;

  constructor(secret) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }

  update(bytes) {
    this.#hash.update(bytes);
  }

  async digest() {
    return this.#hash.digest();
  }
}
