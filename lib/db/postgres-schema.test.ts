import path from "node:path";
import { expect, test } from "vitest";
import { migrateSqlite } from "./migrate-sqlite";
import { openSqliteHandle, type SqliteHandle } from "./sqlite-handle";
import { temporaryDatabase } from "./testing/temporary-database";

/** The search index is made otherwise on each, and the ledger is Prisma's. */
const OWN = /^(chunk_index.*|_prisma_migrations|sqlite_.*)$/;

type Column = { place: string; type: string; isNullable: number; default: string | null };
type Index = { name: string; columns: string; isUnique: number };

const columnsOfSqlite = (handle: SqliteHandle) =>
  handle
    .prepare(
      // A whole number that is the primary key by itself is the row id, which has 64 bits.
      `SELECT m.name || '.' || c.name AS place,
         CASE WHEN c.type = 'INTEGER' AND c.pk = 1 THEN 'bigint' ELSE lower(c.type) END AS type, NOT c."notnull" AS isNullable,
         c.dflt_value AS "default"
       FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
    )
    .all() as Column[];
const COLUMNS_OF_POSTGRES = `SELECT table_name || '.' || column_name AS place, data_type AS type,
    is_nullable = 'YES' AS "isNullable", column_default AS "default"
  FROM information_schema.columns WHERE table_schema = 'public'`;

const indexesOfSqlite = (handle: SqliteHandle) =>
  handle
    .prepare(
      `SELECT i.name, i."unique" AS isUnique,
         (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
       FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'`,
    )
    .all() as Index[];
const INDEXES_OF_POSTGRES = `SELECT c.relname AS name, i.indisunique AS "isUnique",
    (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND NOT i.indisprimary`;

const column = ({ place, type, isNullable, default: value }: Column) =>
  `${place} ${type}${isNullable ? "" : " not null"}${value === null ? "" : ` default ${value.replace(/::\w+$/, "")}`}`;
const index = ({ name, columns, isUnique }: Index) => `${name}${isUnique ? " unique" : ""} (${columns})`;
const isShared = (line: string) => !OWN.test(line.split(/[. ]/)[0] ?? "");

test("the two histories of migrations lead to the same tables, columns, defaults and indexes", async () => {
  const handle = openSqliteHandle(":memory:");
  migrateSqlite(handle, path.resolve("prisma/migrations"), 0);
  const { database, remove } = temporaryDatabase();
  try {
    const columns = await database.reading(({ sql }) => sql.all<Column>(COLUMNS_OF_POSTGRES));
    const indexes = await database.reading(({ sql }) => sql.all<Index>(INDEXES_OF_POSTGRES));
    const lines = (all: string[]) => all.filter(isShared).sort();
    expect(lines(columns.map(column))).toEqual(lines(columnsOfSqlite(handle).map(column)));
    expect(lines(indexes.map(index))).toEqual(lines(indexesOfSqlite(handle).map(index)));
    expect(columns.length).toBeGreaterThan(150);
    expect(indexes.length).toBeGreaterThan(25);
  } finally {
    handle.close();
    await remove();
  }
});
