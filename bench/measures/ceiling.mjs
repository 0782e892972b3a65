import net from "node:net";
import { CEILING_MS, CEILING_SOCKETS } from "../bounds.mjs";
import { count } from "../report/words.mjs";
import { startPageServer } from "../sources/page-server.mjs";

const KEYS = 100_000;
const PAGE_KEYS = 1_000;
const HEAD_END = Buffer.from("\r\n\r\n", "latin1");

/** What the page server itself gives to a client that reads and throws away: the most that any figure can mean. */
export async function measureCeiling(bench) {
  bench.report.say("\nthe page server's own ceiling");
  const source = await startPageServer({ count: KEYS });
  try {
    const pageTarget = (turn) => {
      const after = source.keys.keyOf((turn * PAGE_KEYS) % (KEYS - PAGE_KEYS));
      return `/${source.bucket}?list-type=2&encoding-type=url&start-after=${encodeURIComponent(after)}`;
    };
    const objectTarget = (turn) => `/${source.bucket}/${source.keys.keyOf((turn * 7_919) % KEYS)}`;
    const port = Number(new URL(source.endpoint).port);
    const pages = await readThrough(port, pageTarget);
    const objects = await readThrough(port, objectTarget);
    const sluice =
      `${count(Math.round(pages))} pages/s (${count(Math.round(pages * PAGE_KEYS))} keys/s), ` +
      `${count(Math.round(objects))} objects/s`;
    bench.report.say(`  ${sluice}`);
    bench.report.row({ measure: "ceiling of the page server, raw sockets", sluice });
  } finally {
    await source.stop();
  }
}

/** Answers a second over a few sockets, one request at a time on each. */
async function readThrough(port, targetOf) {
  const startedAt = performance.now();
  const endAt = startedAt + CEILING_MS;
  let turn = 0;
  const next = () => (performance.now() < endAt ? targetOf(turn++) : null);
  const counts = await Promise.all(Array.from({ length: CEILING_SOCKETS }, () => readOn(port, next)));
  return counts.reduce((sum, one) => sum + one, 0) / ((performance.now() - startedAt) / 1_000);
}

function readOn(port, next) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    let answers = 0;
    let missing = 0;
    const ask = () => {
      const target = next();
      if (target === null) return void socket.end(() => resolve(answers));
      socket.write(`GET ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    };
    socket.on("connect", ask);
    socket.on("error", reject);
    socket.on("data", (piece) => {
      missing = missing === 0 ? beyondHead(piece) : missing - piece.length;
      if (!(missing >= 0)) return void socket.destroy(new Error("The page server sent no whole answer."));
      if (missing > 0) return;
      answers++;
      ask();
    });
  });
}

/** Bytes that an answer still lacks after its first piece, which holds its head; NaN for one that is no 200. */
function beyondHead(piece) {
  const end = piece.indexOf(HEAD_END);
  const head = piece.latin1Slice(0, Math.max(end, 0));
  if (!head.startsWith("HTTP/1.1 200 ")) return Number.NaN;
  return Number(/content-length: (\d+)/.exec(head)?.[1]) - (piece.length - end - HEAD_END.length);
}
