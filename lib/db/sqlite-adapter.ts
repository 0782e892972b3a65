import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
  type MappedError,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import { adapterInTransaction } from "./savepoints";
import { prepareExactOnce, prepareOnce, type SqliteHandle } from "./sqlite-handle";
import { storableText } from "./storable-text";

const ADAPTER = { provider: "sqlite", adapterName: "sluice-libsql" } as const;

/**
 * Lets Prisma work on a handle that Sluice owns, so that Prisma and the hot statements share one transaction.
 * (The published adapters open handles of their own, and a new one after each transaction.)
 */
export function sqliteAdapterFactory(handle: SqliteHandle): SqlDriverAdapterFactory {
  const statements: SqlQueryable = {
    ...ADAPTER,
    queryRaw: async (query) => attempt(() => rowsOf(handle, query)),
    executeRaw: async (query) => attempt(() => prepareOnce(handle, query.sql).run(bindings(query)).changes),
  };
  const run = async (sql: string) => {
    attempt(() => handle.exec(sql));
  };
  const transaction = { inside: statements, outside: statements, run };
  return { ...ADAPTER, connect: async () => adapterInTransaction(transaction) };
}

function rowsOf(handle: SqliteHandle, query: SqlQuery): SqlResultSet {
  const { statement, columns } = prepareExactOnce(handle, query.sql);
  const args = bindings(query);
  if (columns === null) {
    statement.run(args);
    return { columnNames: [], columnTypes: [], rows: [] };
  }
  const read = statement.all(args) as unknown[][];
  const columnTypes = columns.map((column, at) => columnType(column.type, read, at));
  const rows = read.map((row) => row.map(value));
  return { columnNames: columns.map((column) => column.name), columnTypes, rows };
}

/** Prisma reads integers of any size from their digits. */
function value(read: unknown): unknown {
  return typeof read === "bigint" ? read.toString() : read;
}

const TYPE_OF_DECLARATION: Record<string, ColumnType> = {
  TEXT: ColumnTypeEnum.Text,
  INTEGER: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  BOOLEAN: ColumnTypeEnum.Boolean,
  REAL: ColumnTypeEnum.Double,
};

/** A computed column has no declaration; its first value tells. Integers are read as BigInt, so the rest are not. */
function columnType(declared: string | null, rows: unknown[][], at: number): ColumnType {
  const known = declared === null ? undefined : TYPE_OF_DECLARATION[declared.toUpperCase()];
  if (known !== undefined) return known;
  const first = rows.find((row) => row[at] !== null)?.[at];
  if (typeof first === "bigint") return ColumnTypeEnum.Int64;
  return typeof first === "number" ? ColumnTypeEnum.Double : ColumnTypeEnum.Text;
}

/** Always handed to the driver as one array: a lone null or buffer would be taken for named parameters. */
function bindings(query: SqlQuery): unknown[] {
  return query.args.map((arg, at) => binding(arg, query.argTypes[at]));
}

/**
 * The driver binds every JavaScript number as a real, so integers go as BigInt. It gives text back only up to a
 * NUL, so none is written; it does the same to half surrogate pairs by itself. A type that it does not know ends
 * the process, so none gets that far.
 */
function binding(arg: unknown, type: ArgType | undefined): unknown {
  if (arg === null || arg instanceof Uint8Array || typeof arg === "bigint") return arg;
  if (typeof arg === "boolean") return arg ? 1n : 0n;
  const isInteger = type?.scalarType === "bigint" || type?.scalarType === "int";
  if (isInteger && (typeof arg === "string" || Number.isInteger(arg))) return BigInt(arg as string | number);
  if (typeof arg === "number") return arg;
  if (typeof arg === "string") return storableText(arg);
  throw new TypeError(`SQLite has no value for a ${typeof arg}`);
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
