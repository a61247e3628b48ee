// Keeps the app's nodes on the page while the browser, or an extension, translates it.
//
// Leptos writes a changed text into the text node that it made, and inserts views before comments of its
// own. Translators take such nodes off the page. Chrome, Edge and most extensions put an element (`<font>`)
// in the place of each text node. Firefox empties an element, writes its translation into as many of the
// text nodes as it needs, and puts back those and the elements.
//
// This script puts the nodes back: a text empty beside its translation, a comment where it was. When the
// app then changes or removes a text, the translation that shows it is outdated. It is removed, and the
// texts read as the app wrote them until the translator translates them again.

// Each text of the app that is translated, and each node that a translator added, with its translation:
// `texts` has what each text read before, `added` the translator's own nodes.
const translations = new WeakMap();

const register = (translation) => {
  for (const node of [...translation.texts.keys(), ...translation.added]) translations.set(node, translation);
};

const isText = (node) => node.nodeType === Node.TEXT_NODE;

// What translators put in the place of a text; the app has no such elements.
const isForeign = (node) =>
  node?.nodeType === Node.ELEMENT_NODE && (node.localName === "font" || node.localName.includes("-"));

// Takes a translation off the page. Texts that the app has just changed stay as they are.
const remove = (translation, changed) => {
  for (const node of translation.added) node.remove();
  for (const [text, before] of translation.texts) {
    translations.delete(text);
    if (!changed.has(text)) text.data = before;
  }
};

// Puts the nodes that were removed and are nowhere else back before what followed them, the last one first.
const putBack = (parent, removals) => {
  for (const { node, next } of [...removals].reverse()) {
    if (node.parentNode) continue;
    parent.insertBefore(node, next?.parentNode === parent ? next : null);
    if (isText(node)) node.data = "";
  }
};

// Chrome's way: an element that came in the place of a text.
const keepReplaced = (parent, records, added) => {
  for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
    for (const text of removedNodes) {
      if (!isText(text) || text.parentNode || translations.has(text)) continue;
      const inPlace = [...addedNodes, previousSibling, nextSibling];
      const element = inPlace.find((node) => isForeign(node) && added.has(node) && node.parentNode === parent);
      if (!element) continue;
      const translation = translations.get(element) ?? { texts: new Map(), added: [element] };
      translation.texts.set(text, text.data);
      register(translation);
      element.before(text);
      text.data = "";
    }
  }
};

// Firefox's way: texts that were taken out, changed and put back, beside nodes that were not put back.
const keepRewritten = (parent, removals, added, changed) => {
  const nodes = new Set(removals.map(({ node }) => node));
  const isRewritten = (node) => isText(node) && node.parentNode === parent && changed.has(node);
  if (![...nodes].some(isRewritten)) return;
  const translation = { texts: new Map(), added: [...added].filter((node) => !nodes.has(node)) };
  const ours = removals.filter(({ node }) => {
    const earlier = translations.get(node);
    if (earlier?.added.includes(node)) {
      if (node.parentNode) translation.added.push(node);
      else translations.delete(node);
      return false;
    }
    if (isText(node)) translation.texts.set(node, earlier?.texts.get(node) ?? changed.get(node) ?? node.data);
    return true;
  });
  for (const { node } of removals) changed.delete(node);
  register(translation);
  putBack(parent, ours);
};

// A translator that changes texts where they are, and drops the comments beside them. The app puts
// something in the place of a comment that it removes.
const keepComments = (parent, removals, added, changed) => {
  const isDropped = removals.every(({ node }) => node.nodeType === Node.COMMENT_NODE && !node.parentNode);
  if (added.size === 0 && isDropped && [...parent.childNodes].some((node) => changed.has(node))) {
    putBack(parent, removals);
  }
};

// Removes the translations of texts that the app has removed. A translation that the translator itself has
// removed is over as well, unless it has put something else in its place.
const removeOutdated = (records, changed) => {
  for (const { addedNodes, removedNodes } of records) {
    for (const node of removedNodes) {
      const translation = translations.get(node);
      if (!translation || node.parentNode) continue;
      const instead = [...addedNodes].filter((other) => !translation.texts.has(other));
      if (translation.added.includes(node) && instead.length > 0) {
        translation.added.push(...instead);
        register(translation);
      } else {
        remove(translation, changed);
      }
    }
  }
};

const observer = new MutationObserver((records) => {
  // Each text that was changed, with what it read before.
  const changed = new Map();
  const byParent = new Map();
  for (const record of records) {
    const { target } = record;
    if (record.type === "childList") {
      const others = byParent.get(target);
      if (others) others.push(record);
      else byParent.set(target, [record]);
    } else if (isText(target) && !changed.has(target)) {
      changed.set(target, record.oldValue);
    }
  }
  for (const [parent, records] of byParent) {
    const removals = records.flatMap(({ removedNodes, nextSibling: next }) =>
      Array.from(removedNodes, (node) => ({ node, next })));
    if (removals.length === 0 || !parent.isConnected) continue;
    const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]));
    keepReplaced(parent, records, added);
    keepRewritten(parent, removals, added, changed);
    keepComments(parent, removals, added, changed);
    removeOutdated(records, changed);
  }
  for (const text of changed.keys()) {
    const translation = translations.get(text);
    if (translation) remove(translation, changed);
  }
  // What this script itself has changed.
  observer.takeRecords();
});

observer.observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
  characterDataOldValue: true,
});
