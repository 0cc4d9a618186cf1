/** An object without some of its optional fields. */
export function without<T extends object, K extends keyof T>(from: T, ...keys: K[]): Omit<T, K> {
  const rest: Partial<T> = { ...from };
  for (const key of keys) delete rest[key];
  return rest as Omit<T, K>;
}
