const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';

/** 22 characters of [A-Za-z0-9_-], 132 random bits. Works where `crypto.randomUUID` does not (plain http). */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(22));
  return Array.from(bytes, (b) => ALPHABET.charAt(b & 63)).join('');
}
