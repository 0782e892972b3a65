/** A schema's message says what is wrong with a field without naming it; a sentence names it. */
export function fieldMessage(label: string, message: string | undefined): string | undefined {
  if (message === undefined || message === "") return undefined;
  const isWhole = /^[A-Z“"]/.test(message);
  const sentence = isWhole ? message : `${label} ${message}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
