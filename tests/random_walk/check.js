// Waits until the page rests, and says what is wrong with it. `wanted`: what to look at beside.
const [wanted] = arguments;
const PATIENCE = 15000;
const begun = performance.now();
const isLate = () => performance.now() - begun > PATIENCE;
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
// A window that nobody sees may draw nothing.
const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), pause(40)]);
const clean = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const brief = (element) => element.outerHTML.slice(0, 160);

const savedMark = () => clean(document.querySelector(".masthead .saved")?.textContent);
const unrest = () => {
  if (document.readyState !== "complete" || document.documentElement.dataset.boot !== "ready") return "the app starts";
  const main = document.querySelector("main");
  if (!main) return "there is no main part";
  if (/Opening the board…|Loading…|Asking the server…|Das Board wird geöffnet|Wird geladen|Der Server wird gefragt/.test(main.innerText)) return "the screen opens";
  if (/^(Saving|Speichert)/.test(savedMark())) return "changes are being saved";
  return "";
};
const rest = async () => {
  for (;;) {
    await frame();
    await frame();
    const why = unrest();
    if (!why) {
      await frame();
      if (!unrest()) return "";
    } else if (isLate()) return why;
  }
};

const faults = [];
const busy = await rest();
if (busy) faults.push(`it never came to rest: ${busy}`);
faults.push(...window.__walk.faults.splice(0));
const board = /^#\/([0-9A-HJKMNP-TV-Z]{26})(?=\/|\?|$)/.exec(location.hash)?.[1];

const lookAtLinks = () => {
  // Whether a screen has the address shows when the link is pressed.
  const screens = new RegExp(`^#/${board}(/[a-z-]+|/[0-9A-Z]{26})*([?].*)?$`);
  // Out of the board, with the words that say so.
  const ways = [[/^#\/$/, /^(Cruxboard|All boards|To the start page|Not now)$/], [/^#\/new$/, /^Start one$/], [/^#\/backups$/, /backup/i], [/^#\/(s|h)\//, /snapshot|link|open/i]];
  for (const link of document.querySelectorAll("a[href]")) {
    const to = link.getAttribute("href"), text = clean(link.textContent);
    if (/^(https?|mailto|blob|data):/.test(to) || (/^#[^/]/.test(to) && document.getElementById(to.slice(1)))) continue;
    // A link to drag to the bookmarks bar, called by the language; pressing it here does nothing.
    if (to.startsWith("javascript:void open(")) continue;
    const isRight = board ? screens.test(to) || ways.some(([way, said]) => way.test(to) && said.test(text)) : to.startsWith("#/");
    if (!isRight) faults.push(`the link “${text}” leads to ${to}`);
  }
};

const lookAtWidth = () => {
  // Only wide tables and the list of screens may be wider than the place they have.
  for (const part of document.querySelectorAll("body *:not(.scroll, .tabs ul, textarea, input, select, pre)")) {
    const isMovable = part.scrollWidth > part.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(part).overflowX);
    if (isMovable) faults.push(`a part scrolls sideways, ${part.scrollWidth} in ${part.clientWidth} pixels: ${brief(part)}`);
  }
  const page = document.documentElement;
  const most = Math.max(page.clientWidth, wanted.width);
  if (page.scrollWidth <= most) return;
  const isHeld = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > most + 1 && !isHeld(element));
  faults.push(`it scrolls sideways: ${page.scrollWidth} instead of ${most} pixels: ${wide.slice(-2).map(brief).join(" … ")}`);
};

const lookAtFocus = () => {
  const at = document.activeElement;
  if (!at || at === document.body) return;
  const { left, top, right, bottom, width, height } = at.getBoundingClientRect();
  // The thumb beside a range is what one sees of it.
  const drawn = at.type === "range" ? at.parentElement : at;
  const isMarked = drawn === at || !at.matches(":focus-visible") || [...drawn.children].some((part) => getComputedStyle(part).outlineStyle === "solid");
  const isSeen = isMarked && drawn.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && width > 0 && height > 0;
  if (!isSeen || right <= 0 || left >= innerWidth) faults.push(`the keyboard is on something unseen: ${brief(at)}`);
  // The Tab key brings what it reaches into sight, and not below something else.
  else if (wanted.isTab && at.id !== "main") {
    const places = [0.05, 0.5, 0.95].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + width * x, top + height * y]));
    const isOn = ([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (at.contains(hit) || hit.contains(at) || [...(at.labels ?? [])].some((label) => label.contains(hit)));
    };
    if (bottom <= 0 || top >= innerHeight || !places.some(isOn)) faults.push(`the Tab key led to something out of sight: ${brief(at)}`);
  }
};

const lookAtIds = () => {
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) faults.push(`two elements have the id ${id}`);
    seen.add(id);
  }
};

// The records of the board in memory, by id; nothing where no board is open.
const inMemory = async () => {
  const download = [...document.querySelectorAll(".masthead button")].find((button) => clean(button.textContent) === "Download");
  if (!download || savedMark().startsWith("Not saved")) return null;
  window.__walk.held = null;
  download.click();
  const held = window.__walk.held;
  if (!held) return null;
  const { changes } = JSON.parse(await held.text());
  return new Map(changes.map((change) => [change.id, JSON.stringify(change)]));
};
const inJournal = () => new Promise((resolve, reject) => {
  const open = indexedDB.open("cruxboard");
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const asked = open.result.transaction("changes").objectStore("changes").getAll(IDBKeyRange.bound(`${board}/`, `${board}0`));
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      open.result.close();
      // Eight characters of checksum stand before the change.
      const changes = asked.result.map((row) => JSON.parse(row.slice(8)));
      resolve(new Map(changes.map((change) => [change.id, JSON.stringify(change)])));
    };
  };
});
const differing = (one, other) => [...one].filter(([id, change]) => other.get(id) !== change).map(([, change]) => change.slice(0, 200));
const lookAtJournal = async () => {
  for (;;) {
    const memory = await inMemory();
    if (!memory) return;
    const journal = await inJournal();
    const [more, less] = [differing(memory, journal), differing(journal, memory)];
    if (more.length + less.length === 0) return;
    // Another tab may be telling just now.
    if (isLate()) {
      faults.push(`the board has ${memory.size} changes and the journal ${journal.size}; only in memory ${more.slice(0, 3)}; only in the journal ${less.slice(0, 3)}`);
      return;
    }
    await pause(50);
  }
};

// Content that a reload must bring back: texts and values of the screen, without what is about this very moment.
const PASSING = ".manage, .notices, .kept-draft, [role=status], [role=alert], .tour, dialog, .masthead, details, .visually-hidden, .crux-row .why, .explain";
const shown = () => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(PASSING) || !node.checkVisibility({ visibilityProperty: true })) return;
    if (node.matches("select")) found.push(node.selectedOptions[0]?.label ?? "");
    else if (node.matches("input, textarea")) found.push(node.type === "checkbox" ? String(node.checked) : node.value);
    else [...node.childNodes].forEach(walk);
    found.push("|");
  };
  const main = document.querySelector("main");
  if (main) walk(main);
  return clean(found.join(" ")).replace(/(\| )+/g, "| ").replace(/· [\d,]+ changes? · [\d.,]+ k?M?B|just now|\d+ (second|minute)s? ago/g, "…");
};

// One number for each sort of element within each other sort: by these one knows whether a screen is new.
const sorts = () => {
  const sort = (element) => `${element.localName}.${element.className.baseVal ?? element.className}`;
  const told = (element) => ["role", "type", "aria-invalid", "aria-current", "aria-pressed", "open"].filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name)}`);
  const all = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const text = `${sort(element.parentElement)}>${sort(element)} ${told(element)}`;
    let number = 7;
    for (const letter of text) number = (Math.imul(number, 31) + letter.codePointAt(0)) | 0;
    all.add(number);
  }
  return [...all];
};

// A reload drops what was typed and cannot be stored or is not finished, and what was chosen for a snapshot or a table. A
// browser may also tell a text area that it is left while it asks whether to leave the page: the text is then
// stored, and shown elsewhere.
const isPassing = () =>
  document.querySelector(".filling") !== null || document.activeElement?.matches("details textarea") ||
  window.__walk.isOvertaken || /\/(share|tables)\b/.test(location.hash) || document.activeElement?.type === "date" ||
  document.querySelector("[aria-invalid=true], .asked, .theirs") !== null;

// Content read from storage may come a moment later.
let now = wanted.isShown ? shown() : "";
while (wanted.before && now !== wanted.before && performance.now() - begun < 3000) {
  await pause(50);
  now = shown();
}
lookAtLinks();
lookAtWidth();
lookAtFocus();
lookAtIds();
if (document.querySelector(".crashed")) faults.push("the app has stopped");
if (savedMark().startsWith("Not saved")) faults.push(savedMark());
if (board) await lookAtJournal();
const nowhere = /There is nothing at this address|There is no ((board|page) at this address|such)/.test(document.querySelector("main")?.innerText ?? "");
return { faults, nowhere, address: location.hash, shown: now, isPassing: isPassing(), sorts: sorts() };
