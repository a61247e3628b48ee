// Shows the page light or dark, before anything is painted: a script of its own in the head, which blocks.
// The stylesheet goes by `data-theme` alone, so that its dark colours stand in one place.
(() => {
  const KEY = "cruxboard/theme";
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  // Where nothing can be stored, the app's choice lasts until the page is closed.
  const chosen = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? root.dataset.themeChoice;
    } catch {
      return root.dataset.themeChoice;
    }
  };

  const apply = () => {
    const choice = chosen();
    const isDark = choice === "dark" || (choice !== "light" && prefersDark.matches);
    root.dataset.theme = isDark ? "dark" : "light";
    // The colour of the browser's own frame around the page.
    const frame = document.querySelector('meta[name="theme-color"]');
    if (frame) frame.content = isDark ? "#141517" : "#fbfaf7";
  };

  apply();
  prefersDark.addEventListener("change", apply);
  addEventListener("cruxboard-theme", apply);
  addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) apply();
  });
})();
