/** A gate across a channel: two posts, a bar, water below. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-6 shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent-solid" />
      <g fill="none" strokeLinecap="round" className="stroke-on-accent">
        <path d="M8 6v20M24 6v20M8.5 10.5h15" strokeWidth="2.5" />
        <path
          d="M12 17c2 0 2-1.6 4-1.6s2 1.6 4 1.6M12 22.5c2 0 2-1.6 4-1.6s2 1.6 4 1.6"
          strokeWidth="2.2"
          opacity="0.75"
        />
      </g>
    </svg>
  );
}
