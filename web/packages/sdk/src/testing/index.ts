export { FakeClock, settle } from './fake-clock.ts';
export { FakeNetwork, FakeSocket } from './fake-network.ts';
export { type Fault, ServerDouble, type ServerSession } from './server-double.ts';
