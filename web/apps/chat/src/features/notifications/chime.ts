import { Pause } from './rules.ts';

const EVERY_MS = 3_000;
/** Two tones that rise, in Hz. */
const TONES = [880, 1175] as const;
const TONE_S = 0.14;
const LOUDNESS = 0.12;

/** The sound of a message, made here: there is nothing to be loaded. Heard once in three seconds. */
export class Chime {
  private readonly pause = new Pause(EVERY_MS);
  private audio: AudioContext | undefined;

  play(): void {
    if (!('AudioContext' in globalThis) || !this.pause.pass(Date.now())) return;
    this.audio ??= new AudioContext();
    // Until somebody has touched the page the browser lets it make no sound.
    if (this.audio.state === 'suspended') this.audio.resume().catch(() => undefined);
    const { currentTime: now } = this.audio;
    for (const [index, hertz] of TONES.entries()) this.tone(this.audio, hertz, now + index * TONE_S);
  }

  close(): void {
    this.audio?.close().catch(() => undefined);
  }

  private tone(audio: AudioContext, hertz: number, at: number): void {
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(LOUDNESS, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + TONE_S * 2);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + TONE_S * 2);
  }
}
