import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runQuietly } from "./run-quietly.mjs";

const MODELS = "prisma/schema.prisma";
const GENERATED = "lib/db/generated";
/** The models for PostgreSQL are the same, under another name of the database; the file is made anew each time. */
const POSTGRES_MODELS = `${GENERATED}/postgres.prisma`;

/** Makes Prisma's client for each of the two databases from the one set of models. */
export async function generate(root) {
  mkdirSync(path.join(root, GENERATED), { recursive: true });
  const models = readFileSync(path.join(root, MODELS), "utf8");
  writeFileSync(path.join(root, POSTGRES_MODELS), modelsForPostgres(models));
  await Promise.all([runPrisma(root, MODELS), runPrisma(root, POSTGRES_MODELS)]);
}

function modelsForPostgres(models) {
  const changes = [
    ['provider = "sqlite"', 'provider = "postgresql"'],
    [`"../${GENERATED}/sqlite"`, `"./postgres"`],
  ];
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${MODELS} does not contain ${from} once.`);
    return text.replace(from, to);
  }, models);
}

function runPrisma(root, models) {
  return runQuietly(root, "node_modules/prisma/build/index.js", ["generate", "--schema", models]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await generate(path.resolve(import.meta.dirname, "../.."));
}
