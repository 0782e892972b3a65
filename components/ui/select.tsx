import { ChevronsUpDown } from "lucide-react";
import { classNames } from "./class-names";
import { controlClasses } from "./control-classes";

export type SelectOption<Value extends string> = { value: Value; label: string };

type SelectProps<Value extends string> = {
  options: readonly SelectOption<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  className?: string;
};

/** The browser's own select: its list is the one that a phone and a screen reader know. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, value, onValueChange, className, ...rest } = props;
  return (
    <div className={classNames("relative min-w-0", className)}>
      <select
        {...rest}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onValueChange(chosen.value);
        }}
        className={classNames(controlClasses, "h-9 appearance-none truncate pr-8 pl-3")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronsUpDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-muted"
      />
    </div>
  );
}
