/**
 * What a page says to the worker that waits to replace the one in charge: that it shall do so now, or if nobody
 * looks at any page of ours.
 */
export type WorkerMessage = 'take-over' | 'take-over-unseen';
