"use client";

import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Segmented } from "@/components/ui/segmented";
import { LANGUAGE_LABELS, LANGUAGES, type Language } from "./snippets";

type UseFromCodeProps = { codeOf: (language: Language) => string };

/** The same call in three languages. */
export function UseFromCode({ codeOf }: UseFromCodeProps) {
  const [language, setLanguage] = useState<Language>("typescript");
  return (
    <div className="flex min-w-0 flex-col items-start gap-3 *:max-w-full">
      <Segmented
        label="Language"
        value={language}
        onValueChange={setLanguage}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_LABELS[value] }))}
      />
      <div className="w-full max-w-3xl">
        <CodeBlock code={codeOf(language)} label={LANGUAGE_LABELS[language]} noun="code" />
      </div>
    </div>
  );
}
