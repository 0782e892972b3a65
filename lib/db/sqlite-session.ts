import { SQLITE_DIALECT } from "./sql/sqlite-dialect";
import type { SqlBinding, SqlSession } from "./sql-session";
import { prepareOnce, type SqliteHandle } from "./sqlite-handle";
import { storableText } from "./storable-text";

/** The driver takes the bindings as one array: a lone null or buffer would be taken for named parameters. */
export function sqliteSession(handle: SqliteHandle, use: { isWriter: boolean }): SqlSession {
  const prepared = (text: string) => {
    // Where the disk is full SQLite undoes the transaction by itself; what follows would each be one of its own.
    if (use.isWriter && !handle.inTransaction) throw new Error("There is no transaction any more.");
    return prepareOnce(handle, text);
  };
  return {
    dialect: SQLITE_DIALECT,
    all: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      prepared(text).all(bindings.map(storable)) as Row[],
    // The driver's own `get` adds a field to the row.
    get: async <Row>(text: string, ...bindings: SqlBinding[]) =>
      prepared(text).all(bindings.map(storable))[0] as Row | undefined,
    run: async (text, ...bindings) => prepared(text).run(bindings.map(storable)),
  };
}

function storable(binding: SqlBinding): SqlBinding {
  return typeof binding === "string" ? storableText(binding) : binding;
}
