import type { SqlDialect } from "./sql/dialect";

/** A truth value is written as TRUE or FALSE in the statement, or comes in a JSON list. */
export type SqlBinding = string | number | bigint | null;

/**
 * One handle of a database for the hot statements of `sql/`. A statement is written once for both databases, with
 * `?` or `?1` where a binding stands. Whole numbers come back as numbers, and truth values as 0 and 1.
 */
export interface SqlSession {
  readonly dialect: SqlDialect;
  all<Row>(text: string, ...bindings: SqlBinding[]): Promise<Row[]>;
  /** The one row of a statement that has no more, or undefined. */
  get<Row>(text: string, ...bindings: SqlBinding[]): Promise<Row | undefined>;
  run(text: string, ...bindings: SqlBinding[]): Promise<{ changes: number }>;
}
