import { SQLITE_DIALECT } from "./sql/sqlite-dialect";
import type { SqlBinding, SqlSession } from "./sql-session";
import { prepareOnce, type SqliteHandle } from "./sqlite-handle";
import { storableText } from "./storable-text";

/** The driver takes the bindings as one array: a lone null or buffer would be taken for named parameters. */
export function sqliteSession(handle: SqliteHandle): SqlSession {
  return {
    dialect: SQLITE_DIALECT,
    all: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      prepareOnce(handle, text).all(bindings.map(storable)) as Row[],
    // The driver's own `get` adds a field to the row.
    get: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      prepareOnce(handle, text).all(bindings.map(storable))[0] as Row | undefined,
    run: async (text, ...bindings) => prepareOnce(handle, text).run(bindings.map(storable)),
  };
}

function storable(binding: SqlBinding): SqlBinding {
  return typeof binding === "string" ? storableText(binding) : binding;
}
