export type PostgresServer = {
  /** Of a role that may create databases. */
  url: string;
  /** Ends it and begins it anew with what it holds; null for a server that is not ours. */
  restart: (() => Promise<void>) | null;
  stop: () => Promise<void>;
};

export function startPostgres(args?: {
  port?: number | null;
  env?: Record<string, string | undefined>;
}): Promise<PostgresServer>;
