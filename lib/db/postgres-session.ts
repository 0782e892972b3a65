import pg from "pg";
import { STATEMENTS_KEPT_MAX } from "@/lib/core/limits";
import type { PostgresAsk } from "./postgres-connection";
import { POSTGRES_DIALECT } from "./sql/postgres-dialect";
import type { SqlBinding, SqlSession } from "./sql-session";

export function postgresSession(ask: PostgresAsk): SqlSession {
  const result = (text: string, bindings: SqlBinding[]) => {
    const { sent, name, places } = statementOf(text);
    const values = places === null ? bindings : places.map((place) => bindings[place - 1] ?? null);
    return ask({ name, text: sent, values, types: TYPES });
  };
  return {
    dialect: POSTGRES_DIALECT,
    all: async <Row>(text: string, ...bindings: SqlBinding[]) => (await result(text, bindings)).rows as Row[],
    get: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      (await result(text, bindings)).rows[0] as Row | undefined,
    run: async (text, ...bindings) => ({ changes: (await result(text, bindings)).rowCount ?? 0 }),
  };
}

/** What PostgreSQL sends as text and SQLite gives as a number. */
const NUMBER_OF_TYPE = new Map<number, (text: string) => number>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.BOOL, (text) => (text === "t" ? 1 : 0)],
]);

const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    NUMBER_OF_TYPE.get(oid) ?? pg.types.getTypeParser(oid, format ?? "text"),
};

type Statement = {
  /** With `$1` where a binding stands. */
  sent: string;
  /** The server prepares a named statement once for each connection. */
  name: string | undefined;
  /** Which binding goes where, counted from 1; null: as they come. */
  places: number[] | null;
};

const statements = new Map<string, Statement>();

function statementOf(text: string): Statement {
  const known = statements.get(text);
  if (known !== undefined) return known;
  if (statements.size >= STATEMENTS_KEPT_MAX) return { ...numbered(text), name: undefined };
  const statement = { ...numbered(text), name: `s${statements.size}` };
  statements.set(text, statement);
  return statement;
}

/**
 * Writes `?` and `?1` as PostgreSQL does; `?@` is the binding before, once more. A binding that no
 * place names is left out, since the server could not tell its type. A text with `$1` in it is PostgreSQL's own already.
 */
function numbered(text: string): { sent: string; places: number[] | null } {
  if (/\$\d/.test(text)) return { sent: text, places: null };
  const places: number[] = [];
  let highest = 0;
  let place = 0;
  const sent = text.replace(/\?(\d+|@)?/g, (_sign, which?: string) => {
    if (which !== "@") place = which === undefined ? highest + 1 : Number(which);
    highest = Math.max(highest, place);
    if (!places.includes(place)) places.push(place);
    return `$${places.indexOf(place) + 1}`;
  });
  return { sent, places };
}
