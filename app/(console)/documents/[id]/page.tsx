import type { Metadata } from "next";
import { DocumentFacts } from "@/components/documents/document-facts";
import { documentName } from "@/components/documents/document-name";
import { DocumentNotices } from "@/components/documents/document-notices";
import { DocumentText } from "@/components/documents/document-text";
import { PageHeader } from "@/components/frame/page-header";
import { Section } from "@/components/frame/section";
import { EmptyState } from "@/components/ui/empty-state";
import { ShownText } from "@/components/ui/shown-text";
import { getDocument } from "@/lib/documents/get-document";
import { currentPage } from "@/lib/http/console-page";
import { notFoundUnless } from "../../not-found-unless";

export const metadata: Metadata = { title: "Document" };

export default async function DocumentPage({ params }: { params: Promise<{ id: string }> }) {
  const { actor, read } = await currentPage();
  const { id } = await params;
  const document = await notFoundUnless(read((tx) => getDocument({ actor, tx, input: { reference: id } })));
  return (
    <>
      <PageHeader
        trail={[{ href: "/documents", label: "Documents" }]}
        title={<ShownText text={documentName(document)} />}
      />
      <DocumentNotices document={document} />
      <div className="grid grid-cols-[minmax(0,1fr)_22rem] gap-10 max-lg:grid-cols-1 max-lg:gap-8">
        <Section title="Extracted text">
          {document.content ? (
            <DocumentText content={document.content} isCut={document.isCut} />
          ) : (
            <EmptyState title="There is no text of this document yet." />
          )}
        </Section>
        <div className="max-lg:order-first">
          <Section title="Facts">
            <DocumentFacts document={document} />
          </Section>
        </div>
      </div>
    </>
  );
}
