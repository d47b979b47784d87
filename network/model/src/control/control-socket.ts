import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OperatorError } from '../machine/operator-error';

/** Longest path of a Unix socket that every system takes (sun_path of macOS is 104 bytes). */
const SOCKET_PATH_LIMIT = 100;
/** Group and others. */
const WRITABLE_BY_OTHERS = 0o022;

/** Where the process that runs the network of this directory listens for the verbs; only the same user may connect. */
export function controlSocket(dataDir: string): string {
  const path = join(dataDir, 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) return path;
  // everybody may write in the shared temporary folder, so it lies in one of our own there
  return join(tmpdir(), `lianyi-${ownUid() ?? 'user'}`, `${createHash('sha256').update(dataDir).digest('hex').slice(0, 24)}.sock`);
}

/** `undefined` where the system has no such numbers. */
function ownUid(): number | undefined {
  return process.getuid?.();
}

function isOwn({ uid }: Stats): boolean {
  const own = ownUid();
  return own === undefined || uid === own;
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * Whoever may write in the folder could listen there in our place, and be given what is meant for the network.
 * @throws {@link OperatorError} `STATE_MISMATCH`.
 */
export function refuseForeignSocket(path: string): void {
  const folder = dirname(path);
  // by a link, too: what counts is who may write where it leads
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return; // nothing listens there
  if (!found.isDirectory() || !isOwn(found) || (found.mode & WRITABLE_BY_OTHERS) !== 0)
    throw new OperatorError('STATE_MISMATCH', {
      en: `${folder} must be a folder of yours where nobody else may write (chmod go-w), since the network is spoken to through it`,
      zh: `${folder} 必须是您自己的目录，且他人不可写入（chmod go-w），因为要通过它与网络通信`,
    });
  const socket = lookAt(path);
  if (socket && (!socket.isSocket() || !isOwn(socket)))
    throw new OperatorError('STATE_MISMATCH', {
      en: `${path} is not a socket of yours; look who made it, and remove it`,
      zh: `${path} 不是您的套接字；请查明是谁建立的，并删除它`,
    });
}

/** Makes room for the socket of a network that is about to listen. @throws {@link OperatorError} `STATE_MISMATCH`. */
export function clearSocket(dataDir: string): string {
  const path = controlSocket(dataDir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  refuseForeignSocket(path);
  rmSync(path, { force: true }); // left by a killed process; that it is gone was made sure before
  return path;
}

/** Removes what a killed process left; nothing that is not ours. */
export function removeSocket(dataDir: string): void {
  const path = controlSocket(dataDir);
  const found = lookAt(path);
  if (found?.isSocket() === true && isOwn(found)) rmSync(path, { force: true });
}
