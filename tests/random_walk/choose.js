// Chooses something to press. `chances`: numbers from 0 to 1, used one after the other.
const [chances] = arguments;
const chance = () => chances.shift() ?? 0.5;
const pick = (list) => list[Math.floor(chance() * list.length)];

// The range of a slider takes the keyboard; pointers are for the track around it.
const bodyOf = (element) => (element.type === "range" ? element.parentElement : element);
const isSeen = (element) => bodyOf(element).checkVisibility({ visibilityProperty: true, opacityProperty: true });
// Other origins, mail, files and windows are outside the app, and so is what asks an endpoint.
const leaves = (element) => {
  if (element.closest("[aria-labelledby=sync-title], [aria-label='Join a board']")) return true;
  if (element.localName !== "a") return false;
  const { origin, pathname } = new URL(element.href);
  return origin !== location.origin || pathname !== location.pathname || element.target !== "" || element.download !== "";
};
const kindOf = (element) => {
  const role = element.getAttribute("role");
  if (element.localName === "a") return "link";
  if (element.localName === "select") return "select";
  if (element.localName === "textarea") return "text";
  if (role === "slider" || element.type === "range") return "slider";
  if (element.localName !== "input") return "button";
  if (["checkbox", "radio", "button", "submit", "reset"].includes(element.type)) return "button";
  return element.type === "date" ? "date" : "text";
};
// Rows repeat: without this, nearly everything pressed would be a dot or a link of a table.
const WEIGHTS = { link: 26, button: 34, text: 18, slider: 10, select: 9, date: 3 };

const nameOf = (element) => {
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent;
  const name = label || element.textContent || element.title || element.placeholder || "";
  return name.replace(/\s+/g, " ").trim().slice(0, 60);
};
// A place within the element at which it is what one presses, once it is in sight.
const placeOn = (pressed) => {
  const element = bodyOf(pressed);
  element.scrollIntoView({ block: "center", inline: "nearest" });
  const box = element.getBoundingClientRect();
  const shareX = kindOf(pressed) === "slider" ? chance() : 0.3 + 0.4 * chance();
  for (const { left, top, width, height } of [box, ...element.getClientRects()]) {
    if (width < 1 || height < 1) continue;
    const [x, y] = [left + width * shareX, top + height / 2];
    const hit = document.elementFromPoint(x, y);
    if (hit && (element.contains(hit) || hit.closest("label")?.control === element)) return { x, y, box };
  }
  return null;
};

const PRESSED = "a[href], button, summary, input, select, textarea, [role=slider], [role=button]";
const groups = new Map();
for (const element of document.querySelectorAll(PRESSED)) {
  const isOut = element.disabled || ["file", "hidden"].includes(element.type) || !isSeen(element) || leaves(element);
  if (isOut) continue;
  const kind = kindOf(element);
  groups.set(kind, [...(groups.get(kind) ?? []), element]);
}
const kinds = [...groups.keys()].sort();
const whole = kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
for (let tries = 0; tries < 8 && kinds.length > 0; tries += 1) {
  let left = chance() * whole;
  const kind = kinds.find((kind) => (left -= WEIGHTS[kind]) < 0) ?? kinds[0];
  const element = pick(groups.get(kind));
  // On the first screen it leads to where one is, and elsewhere out of the board: seldom enough.
  if (element.getAttribute("href") === "#/" && chance() < 0.8) continue;
  const place = placeOn(element);
  if (!place) continue;
  if (kind === "select") {
    const option = pick([...element.options].filter((option) => !option.disabled));
    element.focus();
    if (option && option.value !== element.value) {
      element.value = option.value;
      for (const event of ["input", "change"]) element.dispatchEvent(new Event(event, { bubbles: true }));
    }
    return { kind, name: `${nameOf(element)}: ${option?.label}` };
  }
  const { x, y, box } = place;
  const to = { x: box.left + box.width * chance(), y };
  return { kind, name: nameOf(element), x, y, to, href: element.getAttribute("href") };
}
return null;
