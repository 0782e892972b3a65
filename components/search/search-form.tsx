"use client";

import { LoaderCircle, Search } from "lucide-react";
import { type RefObject, useId } from "react";
import { Input } from "@/components/ui/input";
import { QUERY_CHARS_MAX } from "@/lib/core/limits";

export type SearchQuestion = { q: string; tag: string };

type SearchFormProps = {
  question: SearchQuestion;
  isBusy: boolean;
  fieldRef: RefObject<HTMLInputElement | null>;
  onQuestionChange: (question: SearchQuestion) => void;
};

/** Answers come as one types. */
export function SearchForm({ question, isBusy, fieldRef, onQuestionChange }: SearchFormProps) {
  const id = useId();
  const Icon = isBusy ? LoaderCircle : Search;
  return (
    <search className="grid grid-cols-[minmax(0,1fr)_14rem] gap-2 max-sm:grid-cols-1">
      <div className="relative">
        <label htmlFor={`${id}-q`} className="sr-only">
          Words to search for
        </label>
        <Icon
          aria-hidden
          className={`pointer-events-none absolute top-3.5 left-3.5 size-4 text-ink-muted ${isBusy ? "animate-spin" : ""}`}
        />
        <Input
          ref={fieldRef}
          id={`${id}-q`}
          type="search"
          maxLength={QUERY_CHARS_MAX}
          placeholder="Words, or a “whole phrase” in quotes"
          value={question.q}
          onChange={(event) => onQuestionChange({ ...question, q: event.target.value })}
          className="h-11 pl-10 text-lg"
        />
      </div>
      <div>
        <label htmlFor={`${id}-tag`} className="sr-only">
          Container tag
        </label>
        <Input
          id={`${id}-tag`}
          placeholder="Any container tag"
          value={question.tag}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => onQuestionChange({ ...question, tag: event.target.value.trim() })}
          className="h-11 font-mono text-sm"
        />
      </div>
    </search>
  );
}
