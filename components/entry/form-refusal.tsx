import { Notice } from "@/components/ui/notice";

/** Why the whole form was refused. The region is there before its words, so that a screen reader speaks them. */
export function FormRefusal({ refusal }: { refusal: { title: string; details: string | null } | null }) {
  return (
    <div role="alert" className="empty:-mb-4">
      {refusal && (
        <Notice tone="failed" title={refusal.title}>
          {refusal.details}
        </Notice>
      )}
    </div>
  );
}
