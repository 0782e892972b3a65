import { randomBytes } from "node:crypto";
import path from "node:path";

const QUIET = ["ms", "osd", "mon", "rgw", "objecter", "monc", "auth", "bdev", "rocksdb", "objclass", "tp"];

/** As `radosgw -n` takes them. */
export const PLAIN_GATEWAY = "client.rgw";
export const STS_GATEWAY = "client.rgw-sts";

/**
 * The text of `ceph.conf` for one node on the loopback: one copy of everything, few placement groups, objects in
 * memory, and two gateways to the same buckets. The one without STS says of a wrong key what is wrong with it; the
 * one with STS, which alone knows roles and session tokens, says AccessDenied.
 */
export function cephConf({ folder, fsid, monitorPort, gatewayPort, stsGatewayPort }) {
  const at = (name) => path.join(folder, name);
  const quiet = Object.fromEntries(QUIET.map((name) => [`debug_${name}`, "0/0"]));
  return [
    section("global", {
      fsid,
      mon_host: `v1:127.0.0.1:${monitorPort}`,
      mon_initial_members: "a",
      public_network: "127.0.0.0/8",
      public_addr: "127.0.0.1",
      cluster_addr: "127.0.0.1",
      auth_cluster_required: "none",
      auth_service_required: "none",
      auth_client_required: "none",
      osd_pool_default_size: 1,
      osd_pool_default_min_size: 1,
      osd_pool_default_pg_num: 8,
      osd_pool_default_pgp_num: 8,
      osd_pool_default_pg_autoscale_mode: "off",
      osd_crush_chooseleaf_type: 0,
      osd_objectstore: "memstore",
      osd_memory_target: 1_610_612_736,
      memstore_page_size: 4_096,
      memstore_device_bytes: 17_179_869_184,
      mon_allow_pool_size_one: true,
      mon_max_pg_per_osd: 1_000,
      mon_data_avail_warn: 2,
      mon_data_avail_crit: 1,
      run_dir: at("run"),
      admin_socket: at("run/$name.asok"),
      log_file: at("log/$name.log"),
      mon_data: at("mon/a"),
      osd_data: at("osd/0"),
      ...quiet,
    }),
    section(PLAIN_GATEWAY, {
      ...gateway({ folder: at("run"), port: gatewayPort }),
      rgw_enable_apis: "s3, admin",
      rgw_s3_auth_use_sts: false,
    }),
    section(STS_GATEWAY, {
      ...gateway({ folder: at("run-sts"), port: stsGatewayPort }),
      rgw_enable_apis: "s3, sts, iam, admin",
      rgw_s3_auth_use_sts: true,
      // Encrypts session tokens; they live no longer than the cluster.
      rgw_sts_key: randomBytes(8).toString("hex"),
    }),
  ].join("\n");
}

function gateway({ folder, port }) {
  return {
    rgw_frontends: `beast endpoint=127.0.0.1:${port}`,
    rgw_data: folder,
    rgw_dns_name: "localhost",
    rgw_override_bucket_index_max_shards: 4,
    rgw_enable_usage_log: false,
    rgw_enable_ops_log: false,
  };
}

function section(name, settings) {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  return `[${name}]\n${lines.join("\n")}\n`;
}
