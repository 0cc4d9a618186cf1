/** A page that is not shown has no frames; what its title says still changes. */
const WITHOUT_FRAMES_MS = 200;

/** Answers a function that runs `work` at once after a quiet time, and then at most once a frame. */
export function perFrame(work: () => void): () => void {
  let resting = false;
  let asked = false;

  function run(): void {
    asked = false;
    resting = true;
    work();
    nextFrame(() => {
      resting = false;
      if (asked) run();
    });
  }

  return () => {
    asked = true;
    if (!resting) run();
  };
}

function nextFrame(run: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, WITHOUT_FRAMES_MS);
}
