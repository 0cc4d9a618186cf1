/** Whether something comes true in time. */
export async function holds(condition: () => boolean, ms: number): Promise<boolean> {
  const giveUp = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > giveUp) return false;
    await new Promise((next) => setTimeout(next, 5));
  }
  return true;
}
