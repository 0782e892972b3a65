-- Machines may share a host name; only where process ids mean the same does a missing one tell that a worker is gone.
ALTER TABLE "worker_heartbeat" ADD COLUMN "process_space" TEXT COLLATE "C" NOT NULL DEFAULT '';
