import { NOT_DELETED } from "./deleted-documents";
import type { SqlDialect } from "./dialect";
import { jsonText } from "./json-text";
import { selectSerials } from "./row-numbers";
import type { SearchScope } from "./search-index";

/** What a chunk `c` of a document `d` must meet beside the words. What is being removed is out of search at once. */
export const FINDABLE = `c.version = d.chunk_version AND (d.connection_id IS NULL
    OR d.connection_id NOT IN (SELECT id FROM connection WHERE deleted_documents = 'remove'))
    AND ${NOT_DELETED}`;

/** The sets are not correlated with the row, and grouped, so that each of them is made once for a statement. */
export function scopeConditions(
  dialect: SqlDialect,
  scope: SearchScope,
): { conditions: string; bindings: (string | number)[] } {
  const conditions: string[] = [];
  const bindings: (string | number)[] = [];
  if (scope.documentIds !== null) {
    conditions.push(`AND c.document_serial IN (${selectSerials(dialect.texts())})`);
    bindings.push(jsonText(scope.documentIds));
  }
  const tags = [...new Set(scope.tags)];
  if (tags.length > 0) {
    conditions.push(`AND c.document_serial IN (SELECT document_serial FROM document_tag
      WHERE tag IN (${dialect.texts()}) GROUP BY document_serial HAVING count(*) = ?)`);
    bindings.push(jsonText(tags), tags.length);
  }
  if (scope.allowedTags !== null) {
    conditions.push(`AND c.document_serial IN (SELECT document_serial FROM document_tag
      WHERE tag IN (${dialect.texts()}) GROUP BY document_serial)`);
    bindings.push(jsonText(scope.allowedTags));
  }
  return { conditions: conditions.join(" "), bindings };
}
