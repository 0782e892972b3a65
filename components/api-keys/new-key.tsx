import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

/** The one time that a key is to be seen. */
export function NewKey({ secret }: { secret: string }) {
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="attention" title="Copy it now">
        Sluice keeps only a hash of this key and cannot show it again.
      </Notice>
      <div className="flex items-center gap-1 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <output
          aria-label="New API key"
          className="min-w-0 flex-1 font-mono text-sm wrap-anywhere select-all"
        >
          {secret}
        </output>
        <CopyButton text={secret} noun="key" />
      </div>
    </div>
  );
}
