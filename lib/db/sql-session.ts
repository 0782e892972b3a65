import type { SqlDialect } from "./sql/dialect";

/** A truth value is written as TRUE or FALSE in the statement, or comes in a JSON list. */
export type SqlBinding = string | number | bigint | null;

/**
 * One handle of a database for the hot statements of `sql/`. A statement is written once for both databases, with
 * `?` or `?1` where a binding stands. Whole numbers come back as numbers, and truth values as 0 and 1.
 *
 * Statements of a transaction are carried out in the order of the calls. Those that wait for no rows of each other are
 * best called at once: PostgreSQL gets them together. Where one of them is refused all that follow are, and when its
 * promise is settled nothing may be called any more: so together stand single statements only.
 */
export interface SqlSession {
  readonly dialect: SqlDialect;
  all<Row>(text: string, ...bindings: SqlBinding[]): Promise<Row[]>;
  /** The one row of a statement that has no more, or undefined. */
  get<Row>(text: string, ...bindings: SqlBinding[]): Promise<Row | undefined>;
  run(text: string, ...bindings: SqlBinding[]): Promise<{ changes: number }>;
}
