import { routes } from '@hongyan/sdk';

/** Whether the server declares an rpc: schedules, clients and judges use what there is. */
export function has(rpc: string): boolean {
  return rpc in routes;
}
