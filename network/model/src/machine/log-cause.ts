import { stripVTControlCharacters } from 'node:util';

/** How much of a log's end is looked through. */
const LOOKED_AT = 20_000;
/** An error of several causes names them in the lines below it. */
const LINES = 3;
const MOST_CHARACTERS = 400;
/** Levels of Fabric's and of the shim's loggers, and names of JavaScript's errors. */
const TELLING = /\b(PANIC|FATAL|ERROR|ERRO|PANI|FATA|\w*Error)\b/;
/** Only says that a call of the stack, or the runtime, was there. */
const STACK = /^\s*(at\s|\^+\s*$|Node\.js v\d)/;

/**
 * What a program wrote last that tells why it ended, in one line; empty if nothing tells. Panics come before their stack, a JavaScript
 * error before its own.
 */
export function causeIn(log: string): string {
  const lines = stripVTControlCharacters(log.slice(-LOOKED_AT)).split('\n');
  const panic = lines.findLastIndex((line) => line.startsWith('panic:'));
  const telling = panic >= 0 ? panic : lines.findLastIndex((line) => TELLING.test(line) && !STACK.test(line));
  if (telling < 0) return '';
  const told = lines
    .slice(telling, telling + LINES)
    .filter((line) => !STACK.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  // between characters: half of one is no well-formed text
  return Array.from(told).slice(0, MOST_CHARACTERS).join('');
}
