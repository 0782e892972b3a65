import { S3_ATTEMPTS_MAX, S3_SOCKETS_MAX } from "@/lib/core/limits";
import { type ResolveHost, resolveWithSystem } from "./address-guard";
import { parseAllowList } from "./address-rules";
import { ConnectionPools } from "./connection-pool";
import { followsRegion } from "./endpoint";
import { type GuardedAgents, guardedAgents } from "./guarded-agent";
import { guardedConnector } from "./guarded-connector";
import { askerOf, identityOf } from "./identity";
import { timedOut, unreachable } from "./s3-errors";
import { openReach, type ReachTools, type S3Reach } from "./s3-reach";
import { DEFAULT_TIMEOUTS, type S3Timeouts } from "./s3-timeouts";
import { sdkTransport } from "./sdk-transport";
import { SharedDeadline } from "./shared-deadline";
import type { RequestKind, RequestPace, SourceSettings } from "./source";
import { trustedAuthorities } from "./trusted-authorities";

export type S3Options = {
  /** `SLUICE_ALLOW_ENDPOINTS`, or null where it is unset. */
  allowEndpoints: string | null;
  /** `SLUICE_ALLOW_AMBIENT_CREDENTIALS`; not allowed unless said. */
  allowAmbientCredentials?: boolean;
  /** `SLUICE_LEAN_S3`: whether Sluice sends its two requests itself, which is the rule, or has the SDK do it. */
  lean?: boolean;
  pace?: RequestPace;
  attemptsMax?: number;
  timeouts?: Partial<S3Timeouts>;
  resolve?: ResolveHost;
  /** Spreads the pauses between attempts. */
  random?: () => number;
  /** What the lean path dates its signatures by. */
  now?: () => number;
};

/** What sentences about a bucket need. */
export type S3Names = {
  bucket: string;
  /** The host as people know it: that of the endpoint, without the bucket. */
  host: string;
  region: string;
  /** Who asks, as a sentence begins with it. */
  asker: string;
};

/**
 * One bucket and the way to it. Opens nothing yet: sockets come with the first request. Throws `invalid_input` for
 * settings that cannot be.
 *
 * The way changes at most once: when the store names another region than the settings do.
 */
export class S3Session {
  readonly timeouts: S3Timeouts;
  readonly attemptsMax: number;
  readonly pace: RequestPace | null;
  readonly random: () => number;
  /** How long one request may take with its answer's body, from when it goes out. */
  readonly deadlines: Readonly<Record<RequestKind, SharedDeadline>>;
  readonly #settings: SourceSettings;
  readonly #tools: SessionTools;
  readonly #asker: string;
  #reach: S3Reach;
  #foundRegion: string | null = null;

  constructor(settings: SourceSettings, options: S3Options) {
    this.#settings = settings;
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.attemptsMax = options.attemptsMax ?? S3_ATTEMPTS_MAX;
    this.pace = options.pace ?? null;
    this.random = options.random ?? Math.random;
    const { callMs: timeoutMs } = this.timeouts;
    const tooLong = () => `"${this.names().host}" takes too long to answer.`;
    this.deadlines = {
      list: new SharedDeadline({ timeoutMs, onTimeout: () => unreachable(tooLong()) }),
      get: new SharedDeadline({ timeoutMs, onTimeout: () => timedOut(tooLong()) }),
    };
    this.#tools = toolsFor(settings, options, this.timeouts);
    this.#asker = askerOf(settings.credentials);
    this.#reach = openReach(settings, this.#tools);
  }

  /** The way to the bucket as it is now. */
  get reach(): S3Reach {
    return this.#reach;
  }

  names(): S3Names {
    const { endpoint, region } = this.#reach;
    return { bucket: this.#settings.bucket, host: endpoint.host, region, asker: this.#asker };
  }

  foundRegion(): string | null {
    return this.#foundRegion;
  }

  /** Goes to the region that the store has named, the first time that one is named. Whether it went there. */
  moveTo(region: string): boolean {
    if (this.#foundRegion !== null || region === this.#reach.region) return false;
    const isRegional = followsRegion(this.#settings);
    const endpoint = isRegional ? null : this.#settings.endpoint;
    this.#reach = openReach({ ...this.#settings, endpoint, region }, this.#tools);
    this.#foundRegion = region;
    return true;
  }

  /** Closes sockets. */
  close(): void {
    this.#tools.pools.close();
    this.#tools.agents.http.destroy();
    this.#tools.agents.https.destroy();
  }
}

/** Agents are for the SDK, pools for what Sluice sends itself. */
type SessionTools = ReachTools & { agents: GuardedAgents };

function toolsFor(settings: SourceSettings, options: S3Options, timeouts: S3Timeouts): SessionTools {
  const guard = {
    allow: parseAllowList(options.allowEndpoints),
    resolve: options.resolve ?? resolveWithSystem,
  };
  const secureContext = trustedAuthorities(settings.caPem);
  const agents = guardedAgents(guard, { keepAlive: true, maxSockets: S3_SOCKETS_MAX, secureContext });
  const connect = guardedConnector(guard, { connectMs: timeouts.connectMs, secureContext });
  const transport = sdkTransport(agents, timeouts);
  const identity = identityOf(settings, {
    transport,
    attemptsMax: options.attemptsMax ?? S3_ATTEMPTS_MAX,
    isAmbientAllowed: options.allowAmbientCredentials ?? false,
  });
  return {
    agents,
    pools: new ConnectionPools({ connect, timeouts }),
    transport,
    timeouts,
    identity,
    isLean: options.lean ?? true,
    now: options.now ?? Date.now,
  };
}
