/** What a field may hold, for each kind of column. `json` is a value that comes into its column as JSON text. */
type KindValues = {
  text: string | null;
  bigint: number | null;
  integer: number | null;
  boolean: boolean | null;
  json: Readonly<Record<string, string | number>>;
};
export type ColumnKind = keyof KindValues;

/** The fields of the objects in a JSON list, by name. */
export type ListColumns = Readonly<Record<string, ColumnKind>>;

/** An object with at least these fields. */
export type ListObject<Columns extends ListColumns> = {
  readonly [Name in keyof Columns]: KindValues[Columns[Name]];
};

/** Columns that hold numbers of one kind; no number that stands in any of them is given again. */
export type NumberPlaces = readonly [NumberPlace, ...NumberPlace[]];
type NumberPlace = { readonly table: string; readonly column: string };

/** What the two databases say differently. Everything else in `sql/` is one text for both. */
export interface SqlDialect {
  readonly name: "sqlite" | "postgres";
  /**
   * What `list` has made as a FROM item named `j`, whose columns are the fields in snake case: `sizeBytes` is
   * `j.size_bytes`. Add `WHERE TRUE` before ON CONFLICT, which SQLite would otherwise read as a join's condition.
   */
  rows(columns: ListColumns, placeholder?: string): string;
  /** The JSON of these objects for `rows`. Fields that are no column are left out. Nulls cost least in the last columns. */
  list<Columns extends ListColumns>(columns: Columns, objects: readonly ListObject<Columns>[]): string;
  /**
   * These columns of all rows of a query as one text: the JSON of a list of objects with the columns' names. Truth
   * values are not among them, since the two databases write them differently.
   */
  objects(columns: readonly string[]): string;
  /** A JSON list of texts as a query with the one column `value`; usable after IN. */
  texts(placeholder?: string): string;
  /** The same for whole numbers. */
  numbers(placeholder?: string): string;
  /**
   * A query for the next numbers of a table that counts its rows, as many as its binding says, as a JSON `list`. The
   * first place is the table's own column.
   */
  nextNumbers(places: NumberPlaces): string;
  /**
   * A condition: the column's value is among those of a query. For a key beside the connection or run that it belongs
   * to: PostgreSQL takes one it has no statistics of for nearly empty, and would look all of its rows up in the list.
   */
  isIn(column: string, query: string): string;
  /** Two JSON objects as one; a name that both have gets the second one's value. */
  mergeJson(first: string, second: string): string;
  /** The texts of a column as one, in the order of another column, which the rows already stand in. */
  join(column: string, orderedBy: string): string;
  /**
   * Behind a table's name: the index to find rows by. SQLite walks the whole manifest of a connection in the order of
   * its key rather than look up the few rows that a partial index holds, unless it is told.
   */
  indexedBy(index: string): string;
  /** LIKE whatever the case of ASCII letters. */
  readonly like: string;
  /**
   * The clause that locks rows against other transactions, such as FOR UPDATE SKIP LOCKED. SQLite needs none: its
   * transaction has the only write lock.
   */
  locking(clause: string): string;
  /** Statements that take the lock of a name until the transaction ends; null where a transaction is alone anyway. */
  readonly namedLocks: { alone: string; together: string } | null;
  /** Whether a statement has this process to itself while it works. */
  readonly runsInProcess: boolean;
}

/** `sizeBytes` as `size_bytes`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
