import { startPostgres } from "../../e2e/support/postgres-server.mjs";

/**
 * The PostgreSQL of the tests. `createDatabase(name)` resolves to the address of a new and empty database on it.
 * A server that is started here writes without fsync.
 */
export async function openPostgres() {
  const server = await startPostgres();
  return {
    async createDatabase(name) {
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      try {
        await client.query(`DROP DATABASE IF EXISTS "${name}"`);
        await client.query(`CREATE DATABASE "${name}"`);
      } finally {
        await client.end();
      }
      const address = new URL(server.url);
      address.pathname = `/${name}`;
      return address.href;
    },
    stop: () => server.stop(),
  };
}
