import { readdirSync, readFileSync, rmSync } from 'node:fs';

/** Runs once before all test files; what it answers runs after them: ends every server that a failed test left. */
export function setup(): () => void {
  return () => {
    const folder = process.env.HONGYAN_TEST_FOLDER;
    if (folder === undefined) return;
    for (const pid of processesIn(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Processes that were given a data folder inside this one. Only our own tests know its random name. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).some((word) => word.startsWith(`${folder}/`)));
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
