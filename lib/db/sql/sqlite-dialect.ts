import { type ListColumns, type SqlDialect, snakeCase } from "./dialect";
import { jsonText } from "./json-text";

const TEXTS_PER_COLUMNS = new WeakMap<ListColumns, string>();

export const SQLITE_DIALECT: SqlDialect = {
  name: "sqlite",
  rows: (columns, placeholder = "?") => {
    // Each row is parsed once. Without the LIMIT its parsing would be merged with the reading of each field.
    const parsed = `SELECT jsonb(value) AS fields FROM json_each(${placeholder}) LIMIT -1`;
    return `(SELECT ${selected(columns)} FROM (${parsed})) AS j`;
  },
  // A field is found in an array by its place, which takes less than finding it by its name.
  list: (columns, objects) => {
    const names = Object.keys(columns);
    return jsonText(objects.map((object) => withoutLastNulls(names.map((name) => object[name]))));
  },
  objects: (columns) =>
    `json_group_array(json_object(${columns.map((name) => `'${name}', ${name}`).join(", ")}))`,
  texts: (placeholder = "?") => `SELECT value FROM json_each(${placeholder})`,
  numbers: (placeholder = "?") => `SELECT value FROM json_each(${placeholder})`,
  // The transaction has the only write lock, which keeps them its own.
  nextNumbers: (places) => `WITH RECURSIVE
      taken(number) AS (${places.map(({ table, column }) => `SELECT max(${column}) FROM ${table}`).join(" UNION ALL ")}),
      next(number) AS (
        SELECT coalesce(max(number), 0) + 1 FROM taken UNION ALL SELECT number + 1 FROM next LIMIT ?)
    SELECT json_group_array(number) AS list FROM next`,
  isIn: (column, query) => `${column} IN (${query})`,
  mergeJson: (first, second) => `json_patch(${first}, ${second})`,
  // Takes the rows as they come; an ORDER BY inside would sort what is sorted, at twice the price.
  join: (column) => `group_concat(${column}, '')`,
  indexedBy: (index) => `INDEXED BY ${index}`,
  like: "LIKE",
  locking: () => "",
  namedLocks: null,
  runsInProcess: true,
};

/** What an array does not have is null as well. */
function withoutLastNulls(values: unknown[]): unknown[] {
  let count = values.length;
  while (count > 0 && values[count - 1] === null) count -= 1;
  values.length = count;
  return values;
}

/** SQLite merges the inner query with the outer one, so each field is read once, where it is used. */
function selected(columns: ListColumns): string {
  const known = TEXTS_PER_COLUMNS.get(columns);
  if (known !== undefined) return known;
  const text = Object.keys(columns)
    .map((name, place) => `fields ->> ${place} AS ${snakeCase(name)}`)
    .join(", ");
  TEXTS_PER_COLUMNS.set(columns, text);
  return text;
}
