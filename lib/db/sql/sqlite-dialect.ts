import { type ListColumns, type SqlDialect, snakeCase } from "./dialect";

const TEXTS_PER_COLUMNS = new WeakMap<ListColumns, string>();

export const SQLITE_DIALECT: SqlDialect = {
  name: "sqlite",
  rows: (columns, placeholder = "?") => `(SELECT ${selected(columns)} FROM json_each(${placeholder})) AS j`,
  texts: (placeholder = "?") => `SELECT value FROM json_each(${placeholder})`,
  numbers: (placeholder = "?") => `SELECT value FROM json_each(${placeholder})`,
  mergeJson: (first, second) => `json_patch(${first}, ${second})`,
  // Takes the rows as they come; an ORDER BY inside would sort what is sorted, at twice the price.
  join: (column) => `group_concat(${column}, '')`,
  indexedBy: (index) => `INDEXED BY ${index}`,
  like: "LIKE",
  locking: () => "",
  namedLocks: null,
};

/** SQLite merges the inner query with the outer one, so each field is read once, where it is used. */
function selected(columns: ListColumns): string {
  const known = TEXTS_PER_COLUMNS.get(columns);
  if (known !== undefined) return known;
  const text = Object.keys(columns)
    .map((name) => `value ->> '${name}' AS ${snakeCase(name)}`)
    .join(", ");
  TEXTS_PER_COLUMNS.set(columns, text);
  return text;
}
