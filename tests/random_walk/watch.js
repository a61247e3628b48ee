// Runs before anything of a page does: notes what goes wrong in it, and keeps the walk from leaving it.
{
  const faults = [];
  window.__walk = { faults, held: null, isOvertaken: false };

  const words = (value) => String(value?.stack ?? value?.message ?? value).slice(0, 600);
  addEventListener("error", (event) => faults.push(`exception: ${event.message ?? words(event.error)}`));
  addEventListener("unhandledrejection", (event) => faults.push(`rejected without an answer: ${words(event.reason)}`));
  addEventListener("securitypolicyviolation", (event) => faults.push(`against the policy: ${event.violatedDirective}`));
  const sayError = console.error.bind(console);
  console.error = (...parts) => {
    faults.push(`console: ${parts.map(words).join(" ")}`);
    sayError(...parts);
  };

  // A setting of the device that another tab has changed holds here after a reload.
  addEventListener("storage", ({ key }) => {
    if (/^cruxboard\/(me|with-stale|open)/.test(key)) window.__walk.isOvertaken = true;
  });

  // Downloads end here; the last one is kept to be read.
  const makeAddress = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    window.__walk.held = blob;
    return makeAddress(blob);
  };
  const followLink = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function click() {
    if (!this.download) followLink.call(this);
  };
  // Every dialogue of the browser is closed at once.
  const pressInput = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function click() {
    if (this.type === "file") queueMicrotask(() => this.dispatchEvent(new Event("cancel")));
    else pressInput.call(this);
  };
  const closed = async () => {
    throw new DOMException("The dialogue was closed.", "AbortError");
  };
  for (const picker of ["showSaveFilePicker", "showOpenFilePicker", "showDirectoryPicker"]) window[picker] = closed;
  window.print = () => {};
  window.open = () => null;
}
