import { Plus } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";

export function NoConnections() {
  return (
    <EmptyState
      title="Connect a bucket, and its files become documents that can be searched."
      action={
        <ButtonLink href="/connections/new" tone="primary">
          <Plus aria-hidden />
          New connection
        </ButtonLink>
      }
    >
      AWS S3, Cloudflare R2, DigitalOcean Spaces, MinIO, Tigris or any other S3-compatible store. You need its
      name, its region and an access key that may list and read.
    </EmptyState>
  );
}
