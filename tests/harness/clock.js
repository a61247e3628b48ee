// A clock that the test sets. `first`: what it is ahead of the machine's, in milliseconds.
if (window.__setClockOffset) {
  window.__setClockOffset(first);
} else {
  const Machine = Date;
  let offset = first;
  window.__setClockOffset = (millis) => { offset = millis; };
  window.Date = class Date extends Machine {
    constructor(...parts) {
      if (parts.length > 0) super(...parts);
      else super(Machine.now() + offset);
    }
    static now() {
      return Machine.now() + offset;
    }
  };
}
