import Link from "next/link";
import { formatCount } from "@/lib/rules/format";

type CountLinkProps = {
  count: number;
  words: string;
  /** Where the keys behind the number are to be seen; null where there is no list of them. */
  href: string | null;
};

/** A number in a sentence. One that has keys behind it is a link to them. */
export function CountLink({ count, words, href }: CountLinkProps) {
  const text = `${formatCount(count)} ${words}`;
  if (href === null || count === 0) return <span className="whitespace-nowrap tabular-nums">{text}</span>;
  return (
    <Link
      href={href}
      className="whitespace-nowrap rounded-sm font-medium text-ink tabular-nums underline decoration-line-strong underline-offset-4 hover:decoration-ink"
    >
      {text}
    </Link>
  );
}
