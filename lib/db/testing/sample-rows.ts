/** Rows with as few columns as their tables allow. */

export const attempt = (id: string, at = 1n) => ({ id, subject: "s", at });
export const object = (key: string, more: { sizeBytes?: bigint; isAbsenceKept?: boolean } = {}) => ({
  connectionId: "c",
  key,
  listedEtag: '"e"',
  sizeBytes: 5n,
  lastModified: 1_790_000_000_000n,
  storageClass: "STANDARD",
  outcome: "stored",
  ...more,
});
export const document = (id: string) => ({ id, type: "text", status: "done", createdAt: 1n, updatedAt: 1n });
export const connection = (id: string) => ({
  id,
  bucket: "b",
  region: "us-east-1",
  addressingStyle: "path",
  documentLimit: 10,
  sealedCredentials: "sealed",
  createdAt: 1n,
  updatedAt: 1n,
});
export const syncRun = (id: string, connectionId: string) => ({
  id,
  connectionId,
  revision: 1,
  trigger: "manual",
  status: "running",
  requestedBy: "test",
  queuedAt: 1n,
});
