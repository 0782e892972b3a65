import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { S3User } from "../../support/s3-client.mjs";
import type { Answer } from "./deliver";
import type { Asked, Fault, Rule } from "./fault-proxy";

/** The fault meets such a share of the requests, and each of them at most `triesMax` times. */
export function sometimes(share: number, fault: Fault, triesMax = 1): Rule {
  return (asked) => (asked.kind !== "other" && asked.tries <= triesMax && asked.draw < share ? fault : null);
}

/** The fault meets objects alone. */
export function onObjects(rule: Rule): Rule {
  return (asked) => (asked.kind === "object" ? rule(asked) : null);
}

/** The fault meets listings alone. */
export function onLists(rule: Rule): Rule {
  return (asked) => (asked.kind === "list" ? rule(asked) : null);
}

/** The fault meets everything from the nth request of this kind on. */
export function fromNth(kind: "list" | "object", count: number, fault: Fault): Rule {
  let isOn = false;
  return (asked) => {
    isOn ||= asked.kind === kind && asked.count >= count;
    return isOn ? fault : null;
  };
}

/** The fault meets the nth request of this kind alone. */
export function once(kind: "list" | "object", count: number, fault: Fault): Rule {
  return (asked) => (asked.kind === kind && asked.count === count ? fault : null);
}

/** The fault meets every request. */
export function always(fault: Fault): Rule {
  return () => fault;
}

/** An error of S3's own shape. */
export function s3Error(status: number, code: string, headers: Record<string, string> = {}): Fault {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><RequestId>tx1</RequestId></Error>`;
  return answerWith(status, { "content-type": "application/xml", ...headers }, text);
}

/** A page for people, as a proxy or a login in front of the store sends it. */
export function htmlPage(status: number): Fault {
  const text = "<!doctype html><html><body><h1>Sorry</h1><p>Please sign in &nbsp; again.<br></body></html>";
  return answerWith(status, { "content-type": "text/html" }, text);
}

/** The same packed and without a length, so that nothing but the content tells it from an object. */
export const packedHtmlPage: Fault = async () => ({
  status: 200,
  headers: { "content-type": "text/html", "content-encoding": "gzip" },
  body: gzipSync("<!doctype html><html><body><h1>Please sign in</h1></body></html>"),
  announcedBytes: null,
});

function answerWith(status: number, headers: Record<string, string>, text: string): Fault {
  return async () => ({ status, headers, body: Buffer.from(text) });
}

export const resetBeforeAnswer: Fault = async () => "break";

export const resetInBody = changed((answer) => ({
  ...answer,
  brokenOff: { afterBytes: half(answer), by: "reset" },
}));

/** The whole length is announced, half of it comes, and the connection ends as if that were all. */
export const cutBody = changed((answer) => ({
  ...answer,
  brokenOff: { afterBytes: half(answer), by: "close" },
}));

/** Half of the body, with a length that says so: only the listing knows better. */
export const halvedBody = changed((answer) => ({ ...answer, body: answer.body.subarray(0, half(answer)) }));

/** Half of the length is announced and everything sent: the rest stands before the next answer. */
export const announcedTooLittle = changed((answer) => ({ ...answer, announcedBytes: half(answer) }));

/** More is announced than comes before the connection ends. */
export const announcedTooMuch = changed((answer) => ({
  ...answer,
  announcedBytes: answer.body.length + 100,
  brokenOff: { afterBytes: answer.body.length, by: "close" },
}));

/** The answer is made, but sent only so much later. */
export function stalled(ms: number): Fault {
  return async (_, forward) => {
    const answer = await forward();
    await sleep(ms, undefined, { ref: false });
    return answer;
  };
}

/** The second half of the body comes only so much later. */
export function stalledInBody(ms: number): Fault {
  return changed((answer) => ({ ...answer, pauseMs: ms }));
}

/** The true answer, after something has happened at the store that it does not know of. */
export function beforeAnswering(act: (asked: Asked) => Promise<unknown>): Fault {
  return async (asked, forward) => {
    const answer = await forward();
    await act(asked);
    return answer;
  };
}

/** The store changes in the moment before it is asked. */
export function afterActing(act: (asked: Asked) => Promise<unknown>): Fault {
  return async (asked, forward) => {
    await act(asked);
    return forward();
  };
}

/** The store itself refuses: the request reaches it signed by somebody it does not know, wrongly, or at a wrong time. */
export function signedAs(onward: { user: S3User } | { at: () => Date }): Fault {
  return (_, forward) => forward("at" in onward ? { at: onward.at() } : onward);
}

/** Only what the store gives is altered; its refusals go through. */
function changed(change: (answer: Answer) => Answer): Fault {
  return async (_, forward) => {
    const answer = await forward();
    return answer.status === 200 ? change(answer) : answer;
  };
}

function half({ body }: Answer): number {
  return Math.floor(body.length / 2);
}
