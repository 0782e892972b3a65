import { KeyRound } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeaderCell, Row, Table } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { ApiKeyView } from "@/lib/api-keys/schema";

type ApiKeyTableProps = { keys: readonly ApiKeyView[]; onRevoke: (key: ApiKeyView) => void };

export function ApiKeyTable({ keys, onRevoke }: ApiKeyTableProps) {
  return (
    <Table label="API keys">
      <thead>
        <tr>
          <HeaderCell>Name</HeaderCell>
          <HeaderCell className="max-sm:hidden">Key</HeaderCell>
          <HeaderCell className="max-md:hidden">May see</HeaderCell>
          <HeaderCell className="max-lg:hidden">Created</HeaderCell>
          <HeaderCell className="max-sm:hidden">Last used</HeaderCell>
          <HeaderCell>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <ApiKeyRow key={key.id} apiKey={key} onRevoke={() => onRevoke(key)} />
        ))}
      </tbody>
    </Table>
  );
}

function ApiKeyRow({ apiKey, onRevoke }: { apiKey: ApiKeyView; onRevoke: () => void }) {
  const { name, prefix, tags, createdAt, lastUsedAt, revokedAt, isFromEnvironment } = apiKey;
  return (
    <Row>
      <Cell className="w-full max-w-0 py-2">
        <span className="block truncate font-medium" title={name}>
          {name}
        </span>
        <span className="font-mono text-xs text-ink-muted sm:hidden">{prefix}…</span>
      </Cell>
      <Cell className="font-mono text-xs whitespace-nowrap text-ink-muted max-sm:hidden">{prefix}…</Cell>
      <Cell className="max-w-64 max-md:hidden">
        {tags === null ? (
          <span className="text-ink-muted">everything</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <Tag key={tag} text={tag} />
            ))}
          </span>
        )}
      </Cell>
      <Cell className="whitespace-nowrap text-ink-muted max-lg:hidden">
        <RelativeTime at={createdAt} />
      </Cell>
      <Cell className="whitespace-nowrap text-ink-muted max-sm:hidden">
        {lastUsedAt === null ? "never" : <RelativeTime at={lastUsedAt} />}
      </Cell>
      <Cell className="text-right whitespace-nowrap">
        {revokedAt !== null && <Badge tone="idle" icon={KeyRound} word="Revoked" />}
        {revokedAt === null && isFromEnvironment && (
          <span className="text-xs text-ink-muted">from SLUICE_API_KEY</span>
        )}
        {revokedAt === null && !isFromEnvironment && (
          <Button tone="quiet" size="small" aria-label={`Revoke ${name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </Cell>
    </Row>
  );
}
