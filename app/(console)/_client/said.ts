/** What went wrong and what to do, as one text: sentences that end as sentences do, and none of them twice. */
export function said(error: string | null | undefined, details: string | null | undefined): string {
  const parts = [...new Set([error, details].map((part) => part?.trim()).filter((part) => part))];
  return parts.map((part) => (/[.!?]$/.test(part ?? "") ? part : `${part}.`)).join(" ");
}
