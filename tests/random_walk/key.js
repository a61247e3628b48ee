// Where the next key goes: some would open a list of the browser's own, or lead out of the app.
const at = document.activeElement;
if (!at || at === document.body) return "nothing";
if (at.localName === "select" || at.type === "date") return "list";
if (at.closest("[aria-labelledby=sync-title], [aria-label='Join a board']")) return "out";
if (at.localName !== "a") return at.matches("input, textarea, [contenteditable]") ? "field" : "control";
const { origin, pathname } = new URL(at.href);
return origin !== location.origin || pathname !== location.pathname || at.target || at.download ? "out" : "control";
