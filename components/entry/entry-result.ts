/** What a form of the entry pages is answered: where to go, or what to show and under which field. */
export type EntryResult =
  | { ok: true; value: { path: string } }
  | { ok: false; error: string; details: string | null; field: string | null };
