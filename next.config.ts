import type { NextConfig } from "next";

/** Next.js compares a form's Origin with the Host it sees, which a proxy in front may have rewritten. */
const url = process.env.SLUICE_URL ?? "";
const allowedOrigins = URL.canParse(url) ? [new URL(url).host] : [];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  skipTrailingSlashRedirect: true,
  // `npm run types` checks the whole checkout; a start must not need what only tests need.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["libsql", "pino", "undici"],
  experimental: {
    serverActions: { bodySizeLimit: "1mb", allowedOrigins },
    // A page's code is loaded when it is first asked for, not kept ready in every process.
    preloadEntriesOnStart: false,
  },
};

export default config;
