import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  skipTrailingSlashRedirect: true,
  // `npm run types` checks the whole checkout; a start must not need what only tests need.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["libsql", "pino"],
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};

export default config;
