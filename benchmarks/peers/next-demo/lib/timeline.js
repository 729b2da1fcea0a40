// Remembers when the parts of one response were done, for the last line of the page.

export class Timeline {
  #started = performance.now();
  #running = 0;
  #parts = 0;
  #last = ["", 0];
  #shell;
  #finish;
  #finished = new Promise((resolve) => {
    this.#finish = resolve;
  });

  /** Counts what `content` does as a part: from now until it ends. */
  async track(name, content) {
    this.#running += 1;
    try {
      return await content();
    } finally {
      this.#running -= 1;
      this.#parts += 1;
      this.#last = [name, this.#elapsed()];
      this.#check();
    }
  }

  /** The shell is done. */
  shellDone() {
    this.#shell = this.#elapsed();
    this.#check();
  }

  /** Waits until the shell and all parts are done, those included that parts added. */
  finished() {
    return this.#finished;
  }

  #elapsed() {
    return performance.now() - this.#started;
  }

  #check() {
    if (this.#shell === undefined || this.#running > 0) return;
    this.#finish({ shell: this.#shell, parts: this.#parts, last: this.#last });
  }
}
