import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ["libsql", "pino"],
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};

export default config;
