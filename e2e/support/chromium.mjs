import { isInstalled, runProgram } from "./programs.mjs";

const PROGRAMS = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
const PACKAGES = ["chromium", "fonts-liberation"];

/** The path or name of a Chromium that starts; installs one with apt when run as root. Throws a sentence otherwise. */
export async function obtainChromium(env = process.env) {
  const given = env.CHROMIUM_PATH;
  if (given) {
    if (await starts(given)) return given;
    throw new Error(`CHROMIUM_PATH: ${given} does not start as a Chromium.`);
  }
  const found = await findInstalled();
  if (found !== null) return found;
  await install();
  const installed = await findInstalled();
  if (installed !== null) return installed;
  throw new Error("No Chromium to test with: install the package chromium, or set CHROMIUM_PATH.");
}

async function findInstalled() {
  for (const program of PROGRAMS) {
    const location = (await isInstalled(program)) ? await whereIs(program) : null;
    if (location !== null && (await starts(location))) return location;
  }
  return null;
}

async function whereIs(program) {
  const { code, stdout } = await runProgram("which", [program], { timeoutMs: 5_000 });
  return code === 0 ? stdout.trim() : null;
}

/** A package may put a program of this name there that only says where the real one is. */
async function starts(program) {
  return (await runProgram(program, ["--version"], { timeoutMs: 30_000 })).code === 0;
}

async function install() {
  if (process.getuid?.() !== 0 || !(await isInstalled("apt-get"))) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update"], { env, timeoutMs: 180_000 });
  const args = ["install", "-y", "--no-install-recommends", ...PACKAGES];
  await runProgram("apt-get", args, { env, timeoutMs: 600_000 });
}
