// Keeps the app for use without a network, once somebody works with it in this browser. It stores the
// files of one build, all of them or none, and hands them out when the network does not. It passes on
// every other request and every answer of a server, so endpoints and sign-in pages are reached as if it
// were not there.

// The build replaces this list with the names of its files, which stand beside this one.
const FILES = [];
const PAGE = new URL("./", self.location).href;
// The address to which the device's share menu sends, as the manifest says.
const SHARED = `${PAGE}share`;
// The folder is part of the name, because all folders of an origin share their caches.
const OURS = `cruxboard ${PAGE} `;
const CACHE = OURS + FILES.join(" ");
// Milliseconds until a silent network counts as none.
const PATIENCE = 4000;
// How often files are asked for, and the milliseconds between.
const TRIES = 4;
const PAUSE = 1000;

const stored = new Set(FILES.map((name) => new URL(name, PAGE).href));

self.addEventListener("install", (event) => {
  event.waitUntil(store(TRIES));
});

// The page has loaded most files, and browsers do not ask again for names that carry a hash. What fails
// is asked for again here, since the browser would not try before the next visit.
async function store(tries) {
  try {
    const answers = await Promise.all([plainPage(), ...[...stored].map(plainFile)]);
    const cache = await caches.open(CACHE);
    await Promise.all(answers.map(([address, answer]) => cache.put(address, answer)));
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await store(tries - 1);
  }
}

async function plainFile(address) {
  const answer = await fetch(address);
  const isHtml = answer.headers.get("content-type")?.startsWith("text/html");
  // Proxies and captive portals answer with a page of their own, often with status 200.
  if (answer.status !== 200 || answer.redirected || isHtml) throw new Error(`${address} was not answered with the file`);
  // An answer that is not read holds its connection, of which there are six: the next files would wait for ever
  // where a host forbids the browser's own cache, as proxies for signing in do.
  return [address, copyOf(answer, await answer.arrayBuffer())];
}

// The page of this build. A host may redirect the folder to its index file; browsers refuse a redirected
// answer for a navigation, so the copy is made anew.
async function plainPage() {
  const answer = await fetch(PAGE, { cache: "no-cache" });
  const text = await answer.text();
  if (answer.status !== 200 || !isPage(answer.url) || !isThisBuild(text)) {
    throw new Error(`${PAGE} was not answered with the page of this build`);
  }
  return [PAGE, copyOf(answer, text)];
}

// The same answer with a body that was read, and so is as long as it is, and not compressed.
function copyOf(answer, body) {
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return new Response(body, { headers });
}

// A newer page may be there already while this worker comes out of a cache. It would name files that this
// worker does not store.
function isThisBuild(page) {
  const named = page.match(/[\w.-]+-[0-9a-f]{12,16}(_bg)?\.(js|css|wasm)/g) ?? [];
  return named.length > 0 && named.every((name) => stored.has(new URL(name, PAGE).href));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldBuilds());
});

// Tabs of the build before this one may still ask for its files, so its cache stays until the next update.
async function forgetOldBuilds() {
  const earlier = [];
  for (const name of await caches.keys()) {
    if (name === CACHE) continue;
    // Earlier versions named their caches without the folder.
    const isOurs = name.startsWith(OURS) || (/^cruxboard (?!https?:)/.test(name) && (await holdsPage(name)));
    if (isOurs) earlier.push(name);
  }
  await Promise.all(earlier.slice(0, -1).map((name) => caches.delete(name)));
}

async function holdsPage(name) {
  return (await (await caches.open(name)).match(PAGE)) !== undefined;
}

// A tab asks a waiting worker whether it is an update. A worker of the tab's own build takes over in
// silence; a newer one waits until somebody wants to reload.
self.addEventListener("message", (event) => {
  const { script, takeOver } = event.data ?? {};
  if (takeOver || stored.has(script)) self.skipWaiting();
  else event.source?.postMessage("update");
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "POST" && request.url === SHARED) event.respondWith(share(request));
  if (request.method !== "GET") return;
  const { origin, pathname, search } = new URL(request.url);
  const address = origin + pathname;
  // A program on the way has written "#" as "%23". What stands behind it is for no server.
  const changed = address.startsWith(PAGE) && /^%(25)*23/.exec(address.slice(PAGE.length));
  if (changed && request.mode === "navigate") {
    const fragment = address.slice(PAGE.length + changed[0].length) + search;
    event.respondWith(Response.redirect(`${PAGE}#${fragment}`, 302));
    return;
  }
  if (request.mode === "navigate" && isPage(address)) event.respondWith(page(request));
  else if (stored.has(address) || isHashed(address)) event.respondWith(file(address, request));
});

// Passes a text or link from the device's share menu on in the fragment of an address, which no server sees.
async function share(request) {
  const form = await request.formData();
  const parts = new URLSearchParams();
  for (const name of ["title", "text", "url"]) {
    const part = form.get(name);
    if (typeof part === "string" && part) parts.set(name, part);
  }
  return Response.redirect(`${PAGE}#/save?${parts}`, 303);
}

function isPage(url) {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  return address === PAGE || address === `${PAGE}index.html`;
}

// Whether it is a file of some build: of an earlier one, a tab of which is still open.
function isHashed(address) {
  return address.startsWith(PAGE) && /^[\w.-]+-[0-9a-f]{12,16}(_bg)?\.(js|css|wasm)$/.test(address.slice(PAGE.length));
}

// The newest page. Redirects and refusals reach the browser too, or nobody could sign in again.
async function page(request) {
  const asked = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  if (answer && answer.status < 500) return answer;
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE)) ?? asked;
}

// A name with a hash means one content for ever, so the stored copy is as good as the server's.
async function file(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? (await caches.match(address)) ?? fetch(request);
}
