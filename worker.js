// Lets the app open without a network, once somebody works with it. It keeps the files of one build,
// whole, and gives them out when the network does not; what it does not keep it does not touch, so
// that boards' endpoints are asked as if it were not there.

// The build writes its files here, by their names beside this one.
const FILES = [];
// Changes with every build, as the files' own names do.
const CACHE = `cruxboard ${FILES.join(" ")}`;
// After that long a network that says nothing counts as none.
const PATIENCE = 4000;
// So often files are asked for, with a pause between.
const TRIES = 4;
const PAUSE = 1000;

const PAGE = new URL("./", self.location).href;
const kept = new Set(FILES.map((name) => new URL(name, self.location).href));

self.addEventListener("install", (event) => {
  event.waitUntil(keep(TRIES));
});

// All of them, or none. The page has loaded most, and browsers do not ask again for what has a hash in
// its name. What does not come is asked for again, since the browser would not try before the next visit.
async function keep(tries) {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll([PAGE, ...kept]);
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await keep(tries - 1);
  }
}

self.addEventListener("activate", (event) => {
  // Only now does no page of an earlier build need its files any more.
  const forget = (names) => names.filter((name) => name.startsWith("cruxboard ") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(forget(names).map((name) => caches.delete(name)))),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (address === PAGE || address === `${PAGE}index.html`) {
    event.respondWith(page(request));
  } else if (kept.has(address)) {
    event.respondWith(file(address, request));
  }
});

// The newest page there is.
async function page(request) {
  const asked = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  // It may fail after the patience is over, and that is nobody's problem.
  asked.catch(() => {});
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  if (answer?.ok) return answer;
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE)) ?? asked;
}

// A file of this build, from here: under its name it can never be another.
async function file(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}
