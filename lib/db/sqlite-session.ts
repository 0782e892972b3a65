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
    get: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      prepareOnce(handle, text).get(bindings.map(storable)) as Row | undefined,
    run: async (text, ...bindings) => prepareOnce(handle, text).run(bindings.map(storable)),
  };
}

function storable(binding: SqlBinding): SqlBinding {
  return typeof binding === "string" ? storableText(binding) : binding;
}
