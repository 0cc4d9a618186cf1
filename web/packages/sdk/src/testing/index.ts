export { FakeClock, settle } from './fake-clock.ts';
export { FakeNetwork, FakeSocket } from './fake-network.ts';
export { FakeBrowser, type FakeTab } from './fake-tabs.ts';
export { type Fault, ServerDouble, type ServerSession } from './server-double.ts';
