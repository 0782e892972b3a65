import { startPostgres } from "../../../e2e/support/postgres-server.mjs";

/** Before the tests of the project `postgres`: the server they make their databases on, for as long as they run. */
export default async function setUp(): Promise<() => Promise<void>> {
  const server = await startPostgres();
  process.env.SLUICE_TEST_DATABASE_URL = server.url;
  return server.stop;
}
