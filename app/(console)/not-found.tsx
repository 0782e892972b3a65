import { PageHeader } from "@/components/frame/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        title="There is nothing at this address. It may have been removed."
        action={<ButtonLink href="/connections">Show connections</ButtonLink>}
      />
    </>
  );
}
