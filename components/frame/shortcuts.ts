/** Keyboard shortcuts of one character can be turned off (WCAG 2.2, 2.1.4); the choice lies in a cookie. */
const COOKIE = "sluice_shortcuts";
const YEAR_SECONDS = 31_536_000;

export function areShortcutsOn(): boolean {
  return !document.cookie.split("; ").includes(`${COOKIE}=off`);
}

export function setShortcutsOn(isOn: boolean): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside https.
  document.cookie = `${COOKIE}=${isOn ? "on" : "off"}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** Whether a key press is a shortcut: no modifier, nobody typing, no dialog or menu open. */
export function isShortcutPress(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return false;
  if (!areShortcutsOn()) return false;
  if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'))
    return false;
  const target = event.target;
  return !(target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]"));
}
