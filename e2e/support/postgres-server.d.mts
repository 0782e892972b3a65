export type PostgresServer = {
  /** Of a role that may create databases. */
  url: string;
  /** Ends it, waits for what is done meanwhile, and begins it anew with what it holds; null for a server not ours. */
  restart: ((whileDown?: () => Promise<unknown>) => Promise<void>) | null;
  stop: () => Promise<void>;
};

export function startPostgres(args?: {
  port?: number | null;
  env?: Record<string, string | undefined>;
  parent?: string | null;
}): Promise<PostgresServer>;
