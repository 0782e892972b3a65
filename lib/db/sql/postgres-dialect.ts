import { type ColumnKind, type ListColumns, type SqlDialect, snakeCase } from "./dialect";
import { jsonText } from "./json-text";

const TEXTS_PER_COLUMNS = new WeakMap<ListColumns, { selected: string; defined: string }>();

export const POSTGRES_DIALECT: SqlDialect = {
  name: "postgres",
  rows: (columns, placeholder = "?") => {
    const { selected, defined } = textsOf(columns);
    return `(SELECT ${selected} FROM json_to_recordset(CAST(${placeholder} AS json)) AS r(${defined})) AS j`;
  },
  list: (columns, objects) => {
    const names = Object.keys(columns);
    return jsonText(objects.map((object) => Object.fromEntries(names.map((name) => [name, object[name]]))));
  },
  objects: (columns) =>
    `CAST(coalesce(json_agg(json_build_object(${columns.map((name) => `'${name}', ${name}`).join(", ")})), '[]') AS text)`,
  texts: (placeholder = "?") => `SELECT value FROM json_array_elements_text(CAST(${placeholder} AS json))`,
  numbers: (placeholder = "?") =>
    `SELECT CAST(value AS bigint) AS value FROM json_array_elements_text(CAST(${placeholder} AS json))`,
  // A sequence never gives a number twice.
  nextNumbers: ([{ table, column }]) => `SELECT CAST(json_agg(number ORDER BY number) AS text) AS list
    FROM (SELECT nextval('${table}_${column}_seq') AS number FROM generate_series(1, CAST(? AS integer))) AS next`,
  // A query alone would be joined, in whichever order seems cheaper. Within its bounds there is an index to go by.
  isIn: (column, query) => {
    const bound = (which: string) =>
      `(SELECT ${which}(value COLLATE "C") FROM (${query.replace(/\?(?!\d)/g, "?@")}) AS listed(value))`;
    return `${column} = ANY (ARRAY(${query})) AND ${column} >= ${bound("min")} AND ${column} <= ${bound("max")}`;
  },
  mergeJson: (first, second) => `CAST(CAST(${first} AS jsonb) || CAST(${second} AS jsonb) AS text)`,
  join: (column, orderedBy) => `string_agg(${column}, '' ORDER BY ${orderedBy})`,
  // Its planner knows how many rows a partial index holds.
  indexedBy: () => "",
  // The columns compare by bytes, so only ASCII letters have a case.
  like: "ILIKE",
  locking: (clause) => clause,
  runsInProcess: false,
  namedLocks: {
    alone: "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
    together: "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))",
  },
};

/** Text is compared by its bytes like the columns it meets. */
const TYPES: Record<ColumnKind, string> = {
  text: `text COLLATE "C"`,
  json: `text COLLATE "C"`,
  bigint: "bigint",
  integer: "integer",
  boolean: "boolean",
};

function textsOf(columns: ListColumns): { selected: string; defined: string } {
  const known = TEXTS_PER_COLUMNS.get(columns);
  if (known !== undefined) return known;
  const names = Object.entries(columns);
  const texts = {
    selected: names.map(([name]) => `r."${name}" AS ${snakeCase(name)}`).join(", "),
    defined: names.map(([name, kind]) => `"${name}" ${TYPES[kind]}`).join(", "),
  };
  TEXTS_PER_COLUMNS.set(columns, texts);
  return texts;
}
