import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
  type MappedError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from "@prisma/driver-adapter-utils";
import { prepareOnce, type SqliteHandle } from "./sqlite-handle";

const ADAPTER = { provider: "sqlite", adapterName: "sluice-libsql" } as const;

/**
 * Lets Prisma work on a handle that Sluice owns, so that Prisma and the hot statements share one transaction.
 * (The published adapters open handles of their own, and a new one after each transaction.)
 *
 * A transaction that Prisma starts by itself, for a nested write, becomes a savepoint of the one that is open.
 */
export function sqliteAdapterFactory(handle: SqliteHandle): SqlDriverAdapterFactory {
  return { ...ADAPTER, connect: async () => openAdapter(handle) };
}

function openAdapter(handle: SqliteHandle): SqlDriverAdapter {
  return {
    ...queryable(handle),
    executeScript: async (script) => {
      attempt(() => handle.exec(script));
    },
    startTransaction: async () => openSavepoint(handle),
    // The handle outlives the client; whoever opened it closes it.
    dispose: async () => {},
  };
}

function queryable(handle: SqliteHandle): SqlQueryable {
  return {
    ...ADAPTER,
    queryRaw: async (query) => attempt(() => rowsOf(handle, query)),
    executeRaw: async (query) =>
      attempt(() => prepareOnce(handle, query.sql).run(...bindings(query)).changes),
  };
}

let savepoints = 0;

function openSavepoint(handle: SqliteHandle): Transaction {
  savepoints += 1;
  const name = `prisma_${savepoints}`;
  const run = async (sql: string) => {
    attempt(() => handle.exec(sql));
  };
  attempt(() => handle.exec(`SAVEPOINT ${name}`));
  return {
    ...queryable(handle),
    options: { usePhantomQuery: true },
    commit: () => run(`RELEASE ${name}`),
    rollback: () => run(`ROLLBACK TO ${name}; RELEASE ${name}`),
    createSavepoint: (inner) => run(`SAVEPOINT ${inner}`),
    rollbackToSavepoint: (inner) => run(`ROLLBACK TO ${inner}`),
    releaseSavepoint: (inner) => run(`RELEASE ${inner}`),
  };
}

function rowsOf(handle: SqliteHandle, query: SqlQuery): SqlResultSet {
  // Prepared anew: reading rows as arrays is a mode of the statement, and statements are shared.
  const statement = handle.prepare(query.sql);
  const args = bindings(query);
  if (!statement.reader) {
    statement.run(...args);
    return { columnNames: [], columnTypes: [], rows: [] };
  }
  const columns = statement.columns();
  const rows = statement.raw(true).all(...args) as unknown[][];
  const columnTypes = columns.map((column, at) => columnType(column.type, rows, at));
  return { columnNames: columns.map((column) => column.name), columnTypes, rows };
}

const TYPE_OF_DECLARATION: Record<string, ColumnType> = {
  TEXT: ColumnTypeEnum.Text,
  INTEGER: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  BOOLEAN: ColumnTypeEnum.Boolean,
  REAL: ColumnTypeEnum.Double,
};

/** A computed column has no declaration; its first value tells. Counts may pass 32 bits, so they are wide. */
function columnType(declared: string | null, rows: unknown[][], at: number): ColumnType {
  const known = declared === null ? undefined : TYPE_OF_DECLARATION[declared.toUpperCase()];
  if (known !== undefined) return known;
  const value = rows.find((row) => row[at] !== null)?.[at];
  if (typeof value === "number")
    return Number.isInteger(value) ? ColumnTypeEnum.Int64 : ColumnTypeEnum.Double;
  return ColumnTypeEnum.Text;
}

function bindings(query: SqlQuery): unknown[] {
  return query.args.map((arg, at) => binding(arg, query.argTypes[at]));
}

function binding(arg: unknown, type: ArgType | undefined): unknown {
  if (typeof arg === "boolean") return arg ? 1 : 0;
  if (typeof arg === "bigint") return Number(arg);
  if (typeof arg === "string" && (type?.scalarType === "bigint" || type?.scalarType === "int"))
    return Number(arg);
  return arg;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw isSqliteError(thrown) ? new DriverAdapterError(mapError(thrown)) : thrown;
  }
}

type SqliteError = Error & { code: string; rawCode?: number };

function isSqliteError(thrown: unknown): thrown is SqliteError {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string";
}

function mapError(error: SqliteError): MappedError & { originalCode: string; originalMessage: string } {
  const original = { originalCode: error.code, originalMessage: error.message };
  if (error.code.startsWith("SQLITE_BUSY")) return { ...original, kind: "SocketTimeout" };
  if (/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/.test(error.code) || /UNIQUE constraint/.test(error.message)) {
    return { ...original, kind: "UniqueConstraintViolation", constraint: { fields: fieldsOf(error) } };
  }
  if (error.code === "SQLITE_CONSTRAINT_FOREIGNKEY") {
    return { ...original, kind: "ForeignKeyConstraintViolation", constraint: { foreignKey: {} } };
  }
  if (error.code === "SQLITE_CONSTRAINT_NOTNULL") {
    return { ...original, kind: "NullConstraintViolation", constraint: { fields: fieldsOf(error) } };
  }
  return { ...original, kind: "sqlite", extendedCode: error.rawCode ?? 1, message: error.message };
}

/** SQLite names the columns only in its message: `UNIQUE constraint failed: api_key.hash`. */
function fieldsOf(error: SqliteError): string[] {
  const list = error.message.split("constraint failed: ").at(1) ?? "";
  return list.split(", ").map((field) => field.split(".").at(-1) ?? field);
}
