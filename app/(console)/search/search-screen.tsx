"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { searchSnippet } from "@/components/connections/snippets";
import { UseFromCode } from "@/components/connections/use-from-code";
import { useShortcut } from "@/components/frame/use-shortcut";
import { SearchForm, type SearchQuestion } from "@/components/search/search-form";
import { Tabs } from "@/components/ui/tabs";
import { withQuery } from "../_client/fetch-json";
import { searchQuery } from "../_client/search-queries";
import { useDebounced } from "../_client/use-debounced";
import { SearchResults } from "./search-results";

const TYPING_MS = 200;

/** Answers as one types; the question stays in the address. */
export function SearchScreen({ initial, origin }: { initial: SearchQuestion; origin: string }) {
  const [question, setQuestion] = useState(initial);
  const [tab, setTab] = useState<"results" | "code">("results");
  const field = useRef<HTMLInputElement>(null);
  const settled = useDebounced(question, TYPING_MS);
  const asking = { q: settled.q.trim(), tag: settled.tag };
  const answer = useQuery(searchQuery(asking));
  useEffect(() => field.current?.focus(), []);
  useShortcut("/", () => field.current?.focus());

  const ask = (next: SearchQuestion) => {
    setQuestion(next);
    window.history.replaceState(null, "", withQuery("/search", next));
  };
  const tag = asking.tag === "" ? null : asking.tag;
  return (
    <>
      <SearchForm question={question} isBusy={answer.isFetching} fieldRef={field} onQuestionChange={ask} />
      <Tabs
        label="Answer"
        value={tab}
        onValueChange={setTab}
        tabs={[
          {
            value: "results",
            label: "Results",
            content: <SearchResults q={asking.q} answer={answer} />,
          },
          {
            value: "code",
            label: "Code",
            content: (
              <UseFromCode codeOf={(language) => searchSnippet(language, { origin, q: asking.q, tag })} />
            ),
          },
        ]}
      />
    </>
  );
}
