import { isObject, optionalString, parseObject, stringAt } from '../json.ts';
import type { DeviceId, Me } from '../types.ts';

/** What survives a reload. A cookie session keeps no secret here: the browser holds it out of reach. */
export interface SavedSession {
  readonly user: Me;
  readonly deviceId: DeviceId;
  /** Token sessions only. */
  readonly refreshToken?: string;
}

/** Where the saved session lives. All methods may be called at any time and never throw. */
export interface SessionVault {
  load(): SavedSession | undefined;
  save(session: SavedSession): void;
  clear(): void;
  /** The device this user had here before, so that a new login takes the same one. */
  lastDevice(account: string): DeviceId | undefined;
  /** Tells when another tab has logged out; answers the function that ends it. */
  onClearedElsewhere(run: () => void): () => void;
}

/** Forgets everything with the process. */
export class MemoryVault implements SessionVault {
  private session: SavedSession | undefined;
  private readonly devices = new Map<string, DeviceId>();

  load(): SavedSession | undefined {
    return this.session;
  }

  save(session: SavedSession): void {
    this.session = session;
    this.devices.set(session.user.username, session.deviceId);
  }

  clear(): void {
    this.session = undefined;
  }

  lastDevice(account: string): DeviceId | undefined {
    return this.devices.get(account.toLowerCase());
  }

  onClearedElsewhere(): () => void {
    return () => undefined;
  }
}

const SESSION_KEY = 'hongyan.session';
const DEVICE_KEY = 'hongyan.device.';

/** In a browser's localStorage; falls back to forgetting where storage is blocked. */
export class BrowserVault implements SessionVault {
  private readonly fallback = new MemoryVault();

  load(): SavedSession | undefined {
    const saved = parseObject(this.read(SESSION_KEY) ?? '');
    if (saved === undefined || !isObject(saved['user'])) return this.fallback.load();
    if (stringAt(saved['user'], 'user_id') === '') return undefined;
    const refreshToken = optionalString(saved, 'refreshToken');
    return {
      user: saved['user'] as unknown as Me,
      deviceId: stringAt(saved, 'deviceId'),
      ...(refreshToken === undefined ? {} : { refreshToken }),
    };
  }

  save(session: SavedSession): void {
    this.fallback.save(session);
    this.write(SESSION_KEY, JSON.stringify(session));
    this.write(DEVICE_KEY + session.user.username, session.deviceId);
  }

  clear(): void {
    this.fallback.clear();
    try {
      localStorage.removeItem(SESSION_KEY);
    } catch {
      // Blocked storage holds nothing to remove.
    }
  }

  lastDevice(account: string): DeviceId | undefined {
    return this.read(DEVICE_KEY + account.toLowerCase()) ?? this.fallback.lastDevice(account);
  }

  onClearedElsewhere(run: () => void): () => void {
    const listener = (event: StorageEvent) => {
      if (event.key === SESSION_KEY && event.newValue === null) run();
    };
    window.addEventListener('storage', listener);
    return () => window.removeEventListener('storage', listener);
  }

  private read(key: string): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  private write(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Blocked or full: the session then lasts as long as the page.
    }
  }
}
