/** A small setting of this browser; where storage is blocked it lasts as long as the page. */
export function readSetting(key: string): string | undefined {
  try {
    return localStorage.getItem(`hongyan.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeSetting(key: string, value: string): void {
  try {
    localStorage.setItem(`hongyan.${key}`, value);
  } catch {
    // The choice then holds until the page is closed.
  }
}
