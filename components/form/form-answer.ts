/** What came of something a form asked for. `field` is the input that was refused, as the server names it. */
export type FormAnswer<Value> =
  | { ok: true; value: Value }
  | { ok: false; message: string; field: string | null };
