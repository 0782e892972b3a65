import { defineConfig } from "prisma/config";

// `prisma generate` asks for a schema engine that it never runs. Naming any executable keeps it from being downloaded.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.CHECKPOINT_DISABLE ??= "1";

export default defineConfig({ schema: "prisma/schema.prisma" });
