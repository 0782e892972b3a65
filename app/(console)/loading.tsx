import { ListSkeleton } from "@/components/ui/list-skeleton";
import { Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <>
      <div className="flex animate-appear flex-col gap-2">
        <Skeleton className="h-8 w-48" />
        <Skeleton className="w-72" />
      </div>
      <ListSkeleton label="The page is on its way" />
    </>
  );
}
