// Finds elements as people do: by role and name, among what can be seen.
// Called with a question and a path of steps, each within what the one before found.
const [question, steps] = arguments;

// As read aloud: one space, and none before a comma, however the parts are laid out.
// The marks that tests of languages put around texts are not read.
const clean = (text) => (text ?? "").replace(/[\u2061\u2062]/g, "").replace(/\s+/g, " ").replace(/ ([,:;.])/g, "$1").trim();
// The choices of a closed list are not drawn, but they are there to be chosen.
const isSeen = (element) =>
  (element.closest("option") ? element.closest("select") ?? element : element).checkVisibility({ visibilityProperty: true });

const INPUTS = {
  checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox",
  button: "button", submit: "button", reset: "button", date: "date", file: "file", hidden: "",
};
const ROLES = {
  button: "button", select: "combobox", textarea: "textbox", summary: "summary", option: "option",
  main: "main", nav: "navigation", aside: "complementary", header: "banner", footer: "contentinfo",
  article: "article", section: "region", form: "form", dialog: "dialog", fieldset: "group",
  details: "details", table: "table", tr: "row", td: "cell", ul: "list", ol: "list", li: "listitem",
  blockquote: "blockquote", figure: "figure", p: "paragraph", dl: "terms", time: "time",
};

const roleOf = (element) => {
  const own = element.getAttribute("role");
  if (own) return own;
  const tag = element.localName;
  if (tag === "input") return INPUTS[element.type] ?? "textbox";
  if (tag === "a") return element.hasAttribute("href") ? "link" : "";
  if (tag === "th") return element.scope === "row" ? "rowheader" : "columnheader";
  if (/^h[1-6]$/.test(tag)) return "heading";
  return ROLES[tag] ?? "";
};

const said = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.getAttribute("aria-hidden") === "true" || !isSeen(node)) return "";
  const label = node.getAttribute("aria-label");
  return label ? ` ${label} ` : inner(node);
};
// What stands within an element, whatever it is called itself.
const inner = (node) => {
  const text = [...node.childNodes].map(said).join("");
  return getComputedStyle(node).display.startsWith("inline") ? text : ` ${text} `;
};

const FROM_CONTENT = new Set([
  "button", "link", "heading", "summary", "option", "cell", "rowheader", "columnheader", "listitem", "row",
]);

const nameOf = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return clean(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" "));
  const label = element.getAttribute("aria-label");
  if (label) return clean(label);
  if (element.labels?.length) return clean([...element.labels].map(said).join(" "));
  if (element.localName === "fieldset") return clean(element.querySelector(":scope > legend")?.textContent);
  if (element.localName === "details") return clean(said(element.querySelector(":scope > summary")));
  if (FROM_CONTENT.has(roleOf(element))) return clean(said(element));
  return clean(element.title || element.placeholder);
};

const FIELDS = new Set(["textbox", "searchbox", "spinbutton", "combobox", "date"]);
const hasRole = (element, role) => {
  const own = roleOf(element);
  return own === role || (role === "field" && FIELDS.has(own));
};

// "…" at an end of a name, or in its middle, stands for any text there.
const fits = (name, wanted) => {
  const from = wanted.startsWith("…"), to = wanted.length > 1 && wanted.endsWith("…");
  const core = wanted.slice(from ? 1 : 0, to ? -1 : undefined);
  const [begin, end] = core.split("…");
  if (end !== undefined) return name.startsWith(begin) && name.endsWith(end);
  if (from && to) return name.includes(core);
  if (from) return name.endsWith(core);
  if (to) return name.startsWith(core);
  return name === core;
};

const matches = (element, { role, name, text }) =>
  hasRole(element, role) &&
  (name === null || fits(nameOf(element), name)) &&
  (!text || clean(inner(element)).includes(text));

if (question === "focused") {
  const element = document.activeElement;
  return Boolean(element) && matches(element, steps[0]);
}
if (question === "name") {
  const element = document.activeElement;
  return element ? [roleOf(element), nameOf(element)] : null;
}

let found = [document.body];
for (const step of steps) {
  const within = found;
  found = [];
  for (const root of within) {
    for (const element of root.querySelectorAll("*")) {
      if (!found.includes(element) && hasRole(element, step.role) && isSeen(element) && matches(element, step)) {
        found.push(element);
      }
    }
  }
  if (step.at !== null) found = found.slice(step.at, step.at + 1);
}
if (question === "texts") return found.map((element) => clean(inner(element)));
if (question === "names") return found.map(nameOf);
if (question === "count") return found.length;
return found;
