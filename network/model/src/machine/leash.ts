/**
 * What a shell does before it becomes a chaincode: a process of its own waits for the end of standard input, and ends the whole group then. Standard
 * input is a pipe of whoever started the shell, so it ends with that process, even by SIGKILL and even while the chaincode is busy. The chaincode
 * keeps the shell's process id and reads nothing. The group keeps the id from being given to another process as long as the waiting one lives.
 */
const LEASH = 'exec 3<&0; (while read -r _; do :; done <&3; kill -s KILL -- "-$$") >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/**
 * A command that ends with the process that starts it. It must be started as the leader of a group (`detached`), with a pipe for standard input that
 * nothing is written to; else nothing ends it.
 * @returns the program and its arguments
 */
export function leashed(command: string, args: readonly string[]): readonly [command: string, args: readonly string[]] {
  return ['/bin/sh', ['-c', LEASH, 'sh', command, ...args]];
}
