export type Sluice = {
  url: string;
  port: number;
  dataDir: string;
  apiKey: string;
  pid: number | undefined;
  /** Everything printed so far, by the supervisor and both of its parts. */
  output(): string;
  /** The file with the set-up link. */
  firstStart(): Promise<string>;
  /** Asks it to end; resolves to the exit code once nothing of it runs any more. */
  stop(): Promise<number | null>;
  /** Kills the supervisor, which cannot catch it; resolves once its parts are gone, too. */
  kill(): Promise<number | null>;
  removeData(): Promise<void>;
};

export function newApiKey(): string;
export function surroundings(): Record<string, string>;
export function startSluice(options?: {
  env?: Record<string, string>;
  dataDir?: string | null;
  port?: number | null;
}): Promise<Sluice>;
