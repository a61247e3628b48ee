// Starts the app. A file of its own, because the page's policy allows no inline script.
// The names of the two files to load stand in the preload links that the build writes into the page.

const preloaded = (selector) => {
  const link = document.querySelector(selector);
  if (!link) throw new Error(`The page has no ${selector}.`);
  return link;
};

// Keeps what a request carries from being sent on to another server: `fetch` follows redirects with the body
// and all headers of our own, and reqwest, which sends the app's requests, cannot forbid that in a browser.
// Whatever code of the page asks, a request to another origin, or with a header or a body, is not redirected
// but answered with status 302. What is left, the page's own files, carries nothing.
const followingFetch = window.fetch.bind(window);
const isPlain = ({ method, url, headers }) =>
  method === "GET" && new URL(url).origin === location.origin && [...headers].length === 0;
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (isPlain(request)) return followingFetch(input, init);
  // Without the policy here, it would be lost with the change of the other option.
  const answer = await followingFetch(request, { redirect: "manual", referrerPolicy: "no-referrer" });
  if (answer.type !== "opaqueredirect") return answer;
  // Libraries take the browser's own answer, with status 0 and nothing else, for a fault.
  return Object.defineProperty(new Response(null, { status: 302 }), "url", { value: request.url });
};

// A text in the language that was loaded. The file of a language has it by this English text.
const translated = (text) => window.cruxboardTexts?.texts?.[text] ?? text;

// Loads the page anew, past what this browser has stored of the app, so that a broken copy cannot stop it
// for good. Without a network that copy is all there is, and stays.
const again = async () => {
  try {
    const folder = new URL("./", location).href;
    const answer = await fetch(folder, { cache: "reload" });
    if (answer.ok) {
      const registration = await navigator.serviceWorker?.getRegistration(folder);
      await registration?.unregister();
      const ours = (await caches.keys()).filter((name) => name.startsWith(`cruxboard ${folder} `));
      await Promise.all(ours.map((name) => caches.delete(name)));
    }
  } catch {
    // Loading it anew may still help.
  }
  location.reload();
};

const tell = (summary, error) => {
  const shell = document.getElementById("shell") ?? document.body.appendChild(document.createElement("main"));
  shell.id = "shell";
  shell.replaceChildren();
  const add = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    shell.append(element);
    return element;
  };
  add("h1", translated("Cruxboard could not start"));
  add("p", summary).setAttribute("role", "alert");
  add("p", translated("What you wrote earlier is still kept in this browser; nothing has been deleted."));
  add("button", translated("Try again")).addEventListener("click", again);
  if (error) add("pre", String(error));
  document.documentElement.dataset.boot = "failed";
};

// Somebody else's page could lay its own buttons over this one, and have them pressed unseen. A server can
// forbid the frame by a header, a static one often sends none.
const leave = () => {
  const shell = document.getElementById("shell") ?? document.body.appendChild(document.createElement("main"));
  shell.id = "shell";
  shell.replaceChildren();
  const words = document.createElement("p");
  words.textContent = translated("Cruxboard does not run inside another page, so that nobody can act through yours. For pages there is a snapshot to embed, on the Share screen.");
  const way = document.createElement("a");
  way.textContent = translated("Open it by itself");
  way.href = location.href;
  way.target = "_blank";
  way.rel = "noopener noreferrer";
  shell.append(words, way);
  document.documentElement.dataset.boot = "framed";
};

// Another page may keep the browser from saying what it stores.
const late = () => new Promise((_, reject) => setTimeout(reject, 500));

// The languages of the files in lang/, and the one of the texts in the code.
const LANGUAGES = ["en", "de"];

// The language that was chosen on this device, or the first of the browser's that there is.
const languageHere = () => {
  try {
    const chosen = JSON.parse(localStorage.getItem("cruxboard/language"));
    if (LANGUAGES.includes(chosen)) return chosen;
  } catch {
    // Where nothing is stored, the browser knows.
  }
  return navigator.languages.map((tag) => tag.split("-")[0].toLowerCase()).find((it) => LANGUAGES.includes(it)) ?? "en";
};

// Loads the texts of the language for the app, which looks for them in this property of the window.
const texts = async () => {
  const language = languageHere();
  if (language === "en") return;
  try {
    // Its name stays the same from build to build, so the copy that the browser has may be older than the app.
    const answer = await fetch(`lang/${language}.json`, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`lang/${language}.json: ${answer.status}`);
    window.cruxboardTexts = await answer.json();
    document.documentElement.lang = language;
    document.documentElement.dir = window.cruxboardTexts.direction ?? "ltr";
    const waiting = document.getElementById("shell-message");
    if (waiting) {
      waiting.textContent = translated("Loading… If this stays, the browser may be too old: Cruxboard needs WebAssembly.");
    }
  } catch (error) {
    // A board in English is better than none.
    console.warn("The texts of the chosen language did not load.", error);
  }
};

let loading;
const loadTexts = () => (loading ??= texts());

// Calls this once there are texts, but without them if they are late.
const withTexts = (then) => Promise.race([loadTexts(), late()]).catch(() => undefined).then(then);

// Whether somebody is new here: then the first screen is all there is to show, and all that is transferred.
const isFirstVisit = async () => {
  const { hash } = location;
  if (!/^#?\/*(\?|$)/.test(hash)) return false;
  try {
    if (Object.keys(localStorage).some((key) => key.startsWith("cruxboard/"))) return false;
    // What local storage has lost may still be there.
    const stored = await Promise.race([indexedDB.databases(), late()]);
    return !stored.some(({ name }) => name === "cruxboard");
  } catch {
    // Where one cannot look, somebody may have boards, or is to be told that storage is blocked.
    return false;
  }
};

// Preloads the chunk for boards and their stylesheet in parallel with the app. A development build has no chunks.
const preloadBoards = () => {
  const preload = (name, as) => {
    const file = document.querySelector(`meta[name="${name}"]`);
    if (!file) return;
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as, href: file.content });
    if (as === "fetch") link.crossOrigin = "";
    document.head.append(link);
  };
  preload("board-chunk", "fetch");
  preload("board-style", "style");
};

// A page whose address holds a name and a password may not fetch its own files: browsers refuse addresses
// with a password in them. The browser has signed in by then, so that the plain address opens as well.
const plainAddress = () => {
  const plain = new URL(document.baseURI);
  if (!plain.username && !plain.password) return undefined;
  plain.username = plain.password = "";
  return plain.href;
};

// Gives a file to the app as if it were dropped onto the page.
const drop = (file) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  window.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
};

// A file that is dropped before the app listens is kept, since the browser would leave the page to show it.
// Returns a function that gives it to the app.
const keepEarlyDrop = () => {
  let kept;
  const keep = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") kept = event.dataTransfer.files[0];
  };
  window.addEventListener("dragover", keep);
  window.addEventListener("drop", keep);
  return () => {
    window.removeEventListener("dragover", keep);
    window.removeEventListener("drop", keep);
    if (kept) drop(kept);
  };
};

// A file that is opened with the installed app arrives as if it were dropped onto the page.
const openLaunchedFiles = () => {
  window.launchQueue?.setConsumer(async ({ files }) => {
    for (const handle of files) drop(await handle.getFile());
  });
};

const start = async () => {
  const handOverDrop = keepEarlyDrop();
  const visit = isFirstVisit().then((isFirst) => {
    if (!isFirst) preloadBoards();
    return isFirst ? "first" : "another";
  });
  const glue = preloaded('link[rel="modulepreload"]');
  const wasm = preloaded('link[rel="preload"][type="application/wasm"]');
  // Asked for the way the preload asks, so that it is not transferred twice.
  const response = fetch(wasm.href);
  const [{ default: init }] = await Promise.all([import(glue.href), response, loadTexts()]);
  document.documentElement.dataset.visit = await visit;
  await init({ module_or_path: response });
  // The app mounted while `init` ran, so the shell goes before anything is painted twice.
  document.getElementById("shell")?.remove();
  document.documentElement.dataset.boot = "ready";
  handOverDrop();
  openLaunchedFiles();
};

const plain = plainAddress();
if (window.top !== window.self) {
  withTexts(leave);
} else if (plain) {
  // Also takes the password out of this tab's history and of every link made here.
  location.replace(plain);
} else if (typeof WebAssembly !== "object") {
  withTexts(() => tell(translated("This browser has no WebAssembly, or it is switched off (some strict security modes do that). Please use a current browser or allow WebAssembly for this page.")));
} else {
  start().catch((error) => {
    console.error(error);
    withTexts(() => tell(translated("A part of it did not load or did not run. Please check the connection and try again."), error));
  });
}
