// Keeps the page's files, so that it opens without a network. The build puts their names and the version in.

declare const FILES: string[];
declare const VERSION: string;

const here = self as unknown as ServiceWorkerGlobalScope;
const NAME = `joblint-${VERSION}`;

here.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES))
      .then(() => here.skipWaiting()),
  );
});

here.addEventListener("activate", (event) => {
  const old = (name: string): boolean => name.startsWith("joblint-") && name !== NAME;
  const clean = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => here.clients.claim()));
});

here.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    caches
      .open(NAME)
      .then((cache) => cache.match(event.request, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
