import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { systemCode } from './operator-error';

/** Longer than a network takes from the choice of its ports to its last server, on a loaded machine. */
const CLAIMED_MILLIS = 120_000;

/** Where the networks of this user say which ports they are about to listen on. */
const claims = (): string => join(tmpdir(), `lianyi-ports-${userInfo().uid}`);

/**
 * Says that this process is about to listen on a port, so that another network that starts now chooses another one: between the choice and
 * the last server of a network, its chaincode, seconds pass. Where nothing can be written, everything counts as said.
 * @returns false while another process that runs has said so of it, for two minutes
 */
export function claimPort(port: number): boolean {
  const file = join(claims(), String(port));
  try {
    mkdirSync(claims(), { recursive: true, mode: 0o700 });
    if (isClaimedByOther(file)) return false;
    rmSync(file, { force: true });
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    return systemCode(error) !== 'EEXIST'; // somebody was faster
  }
}

function isClaimedByOther(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 && pid !== process.pid && Date.now() - statSync(file).mtimeMs < CLAIMED_MILLIS && isRunning(pid);
  } catch {
    return false; // nobody has
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
