import { onScopeDispose } from 'vue';

const PRESS_MS = 500;
/** A finger that moves further scrolls. */
const SLACK_PX = 10;
const RIGHT = 2;

/** Where a menu is asked for: by the right button, by a key, or by a finger that stays. The listeners of an element. */
export function useLongPress(open: (x: number, y: number, element: HTMLElement) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = { x: 0, y: 0 };

  function end(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function pointerdown(event: PointerEvent): void {
    end();
    const element = event.currentTarget;
    if (event.pointerType !== 'touch' || !(element instanceof HTMLElement)) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => open(start.x, start.y, element), PRESS_MS);
  }

  function pointermove(event: PointerEvent): void {
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK_PX) end();
  }

  function contextmenu(event: MouseEvent): void {
    const element = event.currentTarget;
    if (!(element instanceof HTMLElement)) return;
    event.preventDefault();
    end();
    open(event.clientX, event.clientY, element);
  }

  /** The right button does not take the focus from the text box. */
  function mousedown(event: MouseEvent): void {
    if (event.button === RIGHT) event.preventDefault();
  }

  onScopeDispose(end);
  return { mousedown, pointerdown, pointermove, pointerup: end, pointercancel: end, contextmenu };
}
